#include "engine/core/settings.hpp"

#include <map>
#include <set>

#include "engine/sms/directory.hpp"

namespace signalbox::core {

namespace {

template <class Owner>
setting_row<Owner> pattern(std::string_view name, std::string Owner::* member, std::string_view help) {
  return rows::checked(sms::check_pattern, rows::text(name, member, 1000, help));
}

template <class Owner>
setting_row<Owner> encoding(std::string_view name, text::wire_encoding Owner::* member, std::string_view help) {
  auto const read = [](std::string_view text) -> result<text::wire_encoding> {
    if (auto const known = text::wire_encoding_of(text)) return *known;
    return failed(errc::bad_value, 0, {}, "one of utf8, unicode, gsm7");
  };
  auto const write = [](text::wire_encoding value) { return text::name_of(value); };
  return rows::custom(name, setting_kind::text, member, read, write, help);
}

struct bind_word {
  std::string_view word;
  std::uint8_t bits;
};
constexpr bind_word bind_words[] = {{"transmitter", sms::binds_transmitter},
                                    {"receiver", sms::binds_receiver},
                                    {"transceiver", sms::binds_transceiver}};

result<std::uint8_t> read_bind(std::string_view text) {
  std::uint8_t bits = 0;
  for (std::size_t at = 0; at <= text.size();) {
    auto const end = std::min(text.find_first_of(", ", at), text.size());
    auto const word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    std::uint8_t found = 0;
    for (auto const& b : bind_words)
      if (b.word == word) found = b.bits;
    if (found == 0)
      return failed(errc::bad_value, 0, {}, "transmitter, receiver or transceiver, not '" + std::string(word) + "'");
    bits |= found;
  }
  if (bits == 0) return failed(errc::missing, 0, {}, "at least one of transmitter, receiver, transceiver");
  return bits;
}

std::string write_bind(std::uint8_t bits) {
  std::string text;
  for (auto const& b : bind_words)
    if ((bits & b.bits) != 0) text += (text.empty() ? "" : " ") + std::string(b.word);
  return text;
}

constexpr std::int64_t day_ms = 86'400'000, year_s = 31'536'000;
constexpr std::uint32_t most = 1'000'000'000;

}  // namespace

std::span<setting_row<smpp_settings> const> smpp_rows() {
  using s = smpp_settings;
  static std::vector<setting_row<s>> const all{
      rows::text("system_id", &s::system_id, 15, "Sent in bind responses and outbind."),
      rows::text("outbind_password", &s::outbind_password, 8, "Sent in outbind."),
      rows::milliseconds("bind_timeout_ms", &s::bind_timeout, 1, day_ms,
                         "A connection without a bind is closed after this."),
      rows::milliseconds("response_timeout_ms", &s::response_timeout, 1, day_ms,
                         "A delivery without its response has failed after this."),
      rows::milliseconds("enquire_link_after_ms", &s::enquire_link_after, 0, day_ms,
                         "Silence after which enquire_link is sent; 0 never sends it."),
      rows::milliseconds("enquire_link_timeout_ms", &s::enquire_link_timeout, 1, day_ms,
                         "An enquire_link without its response closes the session after this."),
      rows::milliseconds("inactivity_timeout_ms", &s::inactivity_timeout, 0, day_ms,
                         "A session without messages is closed after this; 0 never closes it."),
      rows::number("request_window", &s::request_window, 1, 1'000'000,
                   "Unanswered requests of one peer beyond which nothing more is read from it."),
      rows::number("max_connections", &s::max_connections, 1, 1'000'000,
                   "Connections open at once; more are closed at once."),
      rows::number("max_pdu_octets", &s::max_pdu_octets, 1024, 70'000,
                   "A longer command_length is answered with generic_nack and the connection is closed."),
  };
  return all;
}

std::span<setting_row<sms::centre_settings> const> sms_rows() {
  using s = sms::centre_settings;
  static std::vector<setting_row<s>> const all{
      rows::seconds("first_due_delay_s", &s::first_due_delay, 0, year_s, "From storing to the first attempt."),
      rows::seconds("second_due_delay_s", &s::second_due_delay, 1, year_s,
                    "From the first failed attempt to the next."),
      rows::number("due_delay_multiplier_percent", &s::due_delay_multiplier, 100, 10'000,
                   "How each further delay grows over the one before."),
      rows::seconds("max_due_delay_s", &s::max_due_delay, 1, year_s, "The longest delay between attempts."),
      rows::flag("deliver_on_bind", &s::deliver_on_bind,
                 "A bind makes the waiting messages of its cluster due at once."),
      rows::seconds("default_validity_s", &s::default_validity, 1, year_s, "Validity of messages that ask for none."),
      rows::seconds("max_validity_s", &s::max_validity, 1, year_s, "Longer validity is cut to this."),
      encoding("smpp_encoding_gsm7", &s::smpp_encoding_gsm7,
               "How text of a GSM 7-bit data_coding lies in short_message: utf8, unicode or gsm7."),
      encoding("smpp_encoding_ucs2", &s::smpp_encoding_ucs2,
               "How text of a UCS-2 data_coding lies in short_message: utf8, unicode or gsm7."),
      rows::flag("receipts_disabled", &s::receipts_disabled, "No delivery receipts are made."),
      rows::flag("receipt_to_origin_network", &s::receipt_to_origin_network,
                 "Receipts travel in the network of the originator instead of that of the delivery."),
      rows::flag("receipt_tlvs", &s::receipt_tlvs, "Receipts also carry receipted_message_id and message_state."),
      rows::number("outstanding_per_destination", &s::outstanding_per_destination, 1, 10'000,
                   "Messages of one address that may be under way at once."),
      rows::number("max_stored", &s::max_stored, 1, most,
                   "Messages held at once; more are answered with ESME_RMSGQFUL."),
      rows::number("max_stored_octets", &s::max_stored_octets, 1'000'000, std::uint64_t{most} * 1000,
                   "Octets of their text and parameters; beyond it messages are answered with ESME_RMSGQFUL."),
      rows::number(
          "max_octets_in_memory", &s::max_octets_in_memory, 0, std::uint64_t{most} * 1000,
          "Octets that waiting messages may take in memory; beyond it their text stays in the store until it is "
          "needed."),
      rows::number("throttle_backlog", &s::throttle_backlog, 0, most,
                   "Messages ready for the bound receivers of a cluster; more are answered with ESME_RTHROTTLED. 0: no "
                   "limit."),
      rows::number(
          "crowd", &s::crowd, 1, most,
          "Messages ready or being stored for receivers that answer fast; beyond it their senders are read from "
          "in turns."),
      rows::number("outcomes_kept", &s::outcomes_kept, 0, most,
                   "Of the last so many message numbers query_sm still knows the outcome."),
  };
  return all;
}

std::span<setting_row<sms::esme> const> esme_rows() {
  using s = sms::esme;
  static std::vector<setting_row<s>> const all{
      rows::text("name", &s::name, 64, "Unique name."),
      rows::text("system_id", &s::system_id, 15, "Compared with the bind's; empty is the name."),
      rows::text("password", &s::password, 8, "Compared with the bind's; empty accepts any."),
      rows::custom("bind", setting_kind::words, &s::bind, read_bind, write_bind,
                   "How it may bind: transmitter, receiver, transceiver."),
      rows::number("sessions", &s::sessions, 1, 100'000, "Sessions bound at once."),
      rows::within(&s::network, rows::number("network", &network_id::value,
                                             "Network id of its messages, and required of messages for it.")),
      rows::text("cluster", &s::cluster, 64, "Members of one cluster share its messages; empty is the name."),
      rows::text("host", &s::host, 255, "The address it must bind from; empty is any."),
      rows::number("ton", &s::ton, -1, 255, "addr_ton that its bind must have; -1 is any."),
      rows::number("npi", &s::npi, -1, 255, "addr_npi that its bind must have; -1 is any."),
      rows::text("address_range", &s::address_range, 40,
                 "address_range that its bind must have if it has one; empty is any."),
      rows::number("source_ton", &s::source_ton, -1, 255, "source_addr_ton its messages must have; -1 is any."),
      rows::number("source_npi", &s::source_npi, -1, 255, "source_addr_npi its messages must have; -1 is any."),
      pattern("source_range", &s::source_range, "Regular expression that the whole source address must match."),
      rows::number("routing_ton", &s::routing_ton, -1, 255, "dest_addr_ton of messages for it; -1 is any."),
      rows::number("routing_npi", &s::routing_npi, -1, 255, "dest_addr_npi of messages for it; -1 is any."),
      pattern("routing_range", &s::routing_range,
              "Regular expression that the whole destination address of messages for it must match."),
      rows::number("window", &s::window, 1, 100'000, "Unanswered deliveries per session."),
      rows::text("outbind_host", &s::outbind_host, 255,
                 "Where to connect and send outbind when messages wait and it is not bound; empty is nowhere."),
      rows::number("outbind_port", &s::outbind_port, 0, 65'535, "Port for outbind."),
      rows::seconds("outbind_retry_s", &s::outbind_retry, 1, 86'400, "Between two outbind attempts."),
  };
  return all;
}

result<void> check(settings const& all) {
  std::set<std::string> names;
  std::map<std::string, network_id> networks;
  for (auto const& e : all.esmes) {
    if (e.name.empty()) return failed(errc::missing, 0, "esme.name", "every ESME needs a name");
    if (!names.insert(e.name).second) return failed(errc::duplicate, 0, "esme.name", "'" + e.name + "' stands twice");
    if (e.login().size() > 15)
      return failed(errc::too_long, 0, "esme.system_id", "'" + e.login() + "' is longer than 15 characters");
    if (!e.outbind_host.empty() && e.outbind_port == 0)
      return failed(errc::missing, 0, "esme.outbind_port", "of '" + e.name + "', which has outbind_host");
    auto const [at, fresh] = networks.emplace(e.group(), e.network);
    if (!fresh && at->second != e.network)
      return failed(errc::bad_value, 0, "esme.network",
                    "'" + e.name + "' has network " + std::to_string(e.network.value) + ", its cluster '" + e.group() +
                        "' has " + std::to_string(at->second.value));
  }
  if (all.sms.default_validity > all.sms.max_validity)
    return failed(errc::bad_value, 0, "sms.default_validity_s", "longer than max_validity_s");
  if (all.sms.second_due_delay > all.sms.max_due_delay)
    return failed(errc::bad_value, 0, "sms.second_due_delay_s", "longer than max_due_delay_s");
  return {};
}

}  // namespace signalbox::core

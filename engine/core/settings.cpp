#include "engine/core/settings.hpp"

#include <charconv>
#include <map>
#include <set>

#include "engine/sms/directory.hpp"

namespace signalbox::core {

namespace {

result<std::int64_t> number_of(std::string_view name, std::string_view text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return failed(errc::bad_value, 0, name,
                  "a whole number from " + std::to_string(low) + " to " + std::to_string(high) + " is expected, not '" +
                      std::string(text) + "'");
  return value;
}

// Makers of rows: one per kind of member.
template <class T>
struct rows_of {
  template <class Member>
  static setting_row<T> number(std::string_view name, Member T::* member, std::int64_t low, std::int64_t high,
                               std::string_view help) {
    return {name, setting_kind::number, help,
            [=](T& to, std::string_view text) -> result<void> {
              auto const value = number_of(name, text, low, high);
              if (!value) return std::unexpected(value.error());
              to.*member = static_cast<Member>(*value);
              return {};
            },
            [=](T const& from) { return std::to_string(from.*member); }};
  }
  template <class Unit>
  static setting_row<T> span(std::string_view name, setting_kind kind, duration T::* member, std::int64_t low,
                             std::int64_t high, std::string_view help) {
    return {name, kind, help,
            [=](T& to, std::string_view text) -> result<void> {
              auto const value = number_of(name, text, low, high);
              if (!value) return std::unexpected(value.error());
              to.*member = Unit{*value};
              return {};
            },
            [=](T const& from) { return std::to_string(std::chrono::duration_cast<Unit>(from.*member).count()); }};
  }
  static setting_row<T> seconds(std::string_view name, duration T::* member, std::int64_t low, std::int64_t high,
                                std::string_view help) {
    return span<std::chrono::seconds>(name, setting_kind::seconds, member, low, high, help);
  }
  static setting_row<T> milliseconds(std::string_view name, duration T::* member, std::int64_t low, std::int64_t high,
                                     std::string_view help) {
    return span<std::chrono::milliseconds>(name, setting_kind::milliseconds, member, low, high, help);
  }
  static setting_row<T> flag(std::string_view name, bool T::* member, std::string_view help) {
    return {name, setting_kind::flag, help,
            [=](T& to, std::string_view text) -> result<void> {
              if (text != "true" && text != "false")
                return failed(errc::bad_value, 0, name, "true or false is expected, not '" + std::string(text) + "'");
              to.*member = text == "true";
              return {};
            },
            [=](T const& from) { return from.*member ? "true" : "false"; }};
  }
  static setting_row<T> text(std::string_view name, std::string T::* member, std::size_t max, std::string_view help) {
    return {name, setting_kind::text, help,
            [=](T& to, std::string_view value) -> result<void> {
              if (value.size() > max)
                return failed(errc::too_long, 0, name, "at most " + std::to_string(max) + " characters");
              to.*member = value;
              return {};
            },
            [=](T const& from) { return from.*member; }};
  }
  static setting_row<T> pattern(std::string_view name, std::string T::* member, std::string_view help) {
    auto row = text(name, member, 1000, help);
    row.set = [=, plain = row.set](T& to, std::string_view value) -> result<void> {
      if (auto const good = sms::check_pattern(value); !good)
        return failed(errc::bad_syntax, 0, name, good.error().detail);
      return plain(to, value);
    };
    return row;
  }
  static setting_row<T> encoding(std::string_view name, text::wire_encoding T::* member, std::string_view help) {
    return {name, setting_kind::text, help,
            [=](T& to, std::string_view value) -> result<void> {
              auto const known = text::wire_encoding_of(value);
              if (!known)
                return failed(errc::bad_value, 0, name,
                              "utf8, unicode or gsm7 is expected, not '" + std::string(value) + "'");
              to.*member = *known;
              return {};
            },
            [=](T const& from) { return std::string(text::name_of(from.*member)); }};
  }
};

struct bind_word {
  std::string_view word;
  std::uint8_t bits;
};
constexpr bind_word bind_words[] = {{"transmitter", sms::binds_transmitter},
                                    {"receiver", sms::binds_receiver},
                                    {"transceiver", sms::binds_transceiver}};

result<void> set_bind(sms::esme& to, std::string_view text) {
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
      return failed(errc::bad_value, 0, "bind",
                    "transmitter, receiver or transceiver is expected, not '" + std::string(word) + "'");
    bits |= found;
  }
  if (bits == 0) return failed(errc::missing, 0, "bind", "at least one of transmitter, receiver, transceiver");
  to.bind = bits;
  return {};
}

std::string get_bind(sms::esme const& from) {
  std::string text;
  for (auto const& b : bind_words)
    if ((from.bind & b.bits) != 0) text += (text.empty() ? "" : " ") + std::string(b.word);
  return text;
}

constexpr std::int64_t day_ms = 86'400'000, year_s = 31'536'000, most = 1'000'000'000;

}  // namespace

std::span<setting_row<smpp_settings> const> smpp_rows() {
  using row = rows_of<smpp_settings>;
  using s = smpp_settings;
  static std::vector<setting_row<s>> const rows{
      row::text("system_id", &s::system_id, 15, "Sent in bind responses and outbind."),
      row::text("outbind_password", &s::outbind_password, 8, "Sent in outbind."),
      row::milliseconds("bind_timeout_ms", &s::bind_timeout, 1, day_ms,
                        "A connection without a bind is closed after this."),
      row::milliseconds("response_timeout_ms", &s::response_timeout, 1, day_ms,
                        "A delivery without its response has failed after this."),
      row::milliseconds("enquire_link_after_ms", &s::enquire_link_after, 0, day_ms,
                        "Silence after which enquire_link is sent; 0 never sends it."),
      row::milliseconds("enquire_link_timeout_ms", &s::enquire_link_timeout, 1, day_ms,
                        "An enquire_link without its response closes the session after this."),
      row::milliseconds("inactivity_timeout_ms", &s::inactivity_timeout, 0, day_ms,
                        "A session without messages is closed after this; 0 never closes it."),
      row::number("request_window", &s::request_window, 1, 1'000'000,
                  "Unanswered requests of one peer beyond which nothing more is read from it."),
      row::number("max_connections", &s::max_connections, 1, 1'000'000,
                  "Connections open at once; more are closed at once."),
      row::number("max_pdu_octets", &s::max_pdu_octets, 1024, 1'000'000,
                  "A longer command_length is answered with generic_nack and the connection is closed."),
  };
  return rows;
}

std::span<setting_row<sms::centre_settings> const> sms_rows() {
  using row = rows_of<sms::centre_settings>;
  using s = sms::centre_settings;
  static std::vector<setting_row<s>> const rows{
      row::seconds("first_due_delay_s", &s::first_due_delay, 0, year_s, "From storing to the first attempt."),
      row::seconds("second_due_delay_s", &s::second_due_delay, 1, year_s, "From the first failed attempt to the next."),
      row::number("due_delay_multiplier_percent", &s::due_delay_multiplier, 100, 10'000,
                  "How each further delay grows over the one before."),
      row::seconds("max_due_delay_s", &s::max_due_delay, 1, year_s, "The longest delay between attempts."),
      row::flag("deliver_on_bind", &s::deliver_on_bind,
                "A bind makes the waiting messages of its cluster due at once."),
      row::seconds("default_validity_s", &s::default_validity, 1, year_s, "Validity of messages that ask for none."),
      row::seconds("max_validity_s", &s::max_validity, 1, year_s, "Longer validity is cut to this."),
      row::encoding("smpp_encoding_gsm7", &s::smpp_encoding_gsm7,
                    "How text of a GSM 7-bit data_coding lies in short_message: utf8, unicode or gsm7."),
      row::encoding("smpp_encoding_ucs2", &s::smpp_encoding_ucs2,
                    "How text of a UCS-2 data_coding lies in short_message: utf8, unicode or gsm7."),
      row::flag("receipts_disabled", &s::receipts_disabled, "No delivery receipts are made."),
      row::flag("receipt_to_origin_network", &s::receipt_to_origin_network,
                "Receipts travel in the network of the originator instead of that of the delivery."),
      row::flag("receipt_tlvs", &s::receipt_tlvs, "Receipts also carry receipted_message_id and message_state."),
      row::number("outstanding_per_destination", &s::outstanding_per_destination, 1, 10'000,
                  "Messages of one address that may be under way at once."),
      row::number("max_stored", &s::max_stored, 1, most,
                  "Messages held at once; more are answered with ESME_RMSGQFUL."),
      row::number("outcomes_kept", &s::outcomes_kept, 0, most,
                  "Finished messages that query_sm still knows; the oldest are forgotten."),
  };
  return rows;
}

std::span<setting_row<sms::esme> const> esme_rows() {
  using row = rows_of<sms::esme>;
  using s = sms::esme;
  static std::vector<setting_row<s>> const rows{
      row::text("name", &s::name, 64, "Unique name."),
      row::text("system_id", &s::system_id, 15, "Compared with the bind's; empty is the name."),
      row::text("password", &s::password, 8, "Compared with the bind's; empty accepts any."),
      {"bind", setting_kind::words, "How it may bind: transmitter, receiver, transceiver.", set_bind, get_bind},
      row::number("sessions", &s::sessions, 1, 100'000, "Sessions bound at once."),
      {"network", setting_kind::number, "Network id of its messages, and required of messages for it.",
       [](s& to, std::string_view text) -> result<void> {
         auto const value = number_of("network", text, INT32_MIN, INT32_MAX);
         if (!value) return std::unexpected(value.error());
         to.network.value = static_cast<std::int32_t>(*value);
         return {};
       },
       [](s const& from) { return std::to_string(from.network.value); }},
      row::text("cluster", &s::cluster, 64, "Members of one cluster share its messages; empty is the name."),
      row::text("host", &s::host, 255, "The address it must bind from; empty is any."),
      row::number("ton", &s::ton, -1, 255, "addr_ton that its bind must have; -1 is any."),
      row::number("npi", &s::npi, -1, 255, "addr_npi that its bind must have; -1 is any."),
      row::text("address_range", &s::address_range, 40,
                "address_range that its bind must have if it has one; empty is any."),
      row::number("source_ton", &s::source_ton, -1, 255, "source_addr_ton its messages must have; -1 is any."),
      row::number("source_npi", &s::source_npi, -1, 255, "source_addr_npi its messages must have; -1 is any."),
      row::pattern("source_range", &s::source_range, "Regular expression that the whole source address must match."),
      row::number("routing_ton", &s::routing_ton, -1, 255, "dest_addr_ton of messages for it; -1 is any."),
      row::number("routing_npi", &s::routing_npi, -1, 255, "dest_addr_npi of messages for it; -1 is any."),
      row::pattern("routing_range", &s::routing_range,
                   "Regular expression that the whole destination address of messages for it must match."),
      row::number("window", &s::window, 1, 100'000, "Unanswered deliveries per session."),
      row::text("outbind_host", &s::outbind_host, 255,
                "Where to connect and send outbind when messages wait and it is not bound; empty is nowhere."),
      row::number("outbind_port", &s::outbind_port, 0, 65'535, "Port for outbind."),
      row::seconds("outbind_retry_s", &s::outbind_retry, 1, 86'400, "Between two outbind attempts."),
  };
  return rows;
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

#include "simulators/behaviour/burst_rows.hpp"

namespace signalbox::simulators {

namespace {

namespace rows = core::rows;

// One list for both prefixes: rows keep views of their names, so the names are literals.
std::vector<core::setting_row<burst>> list(bool mobile) {
  using b = burst;
  auto const name = [mobile](std::string_view plain, std::string_view prefixed) { return mobile ? prefixed : plain; };
  return {
      rows::number(name("count", "mobile_count"), &b::count, "How many messages to send by itself once bound."),
      rows::decimal(name("rate", "mobile_rate"), &b::rate_per_s,
                    "Messages per second; 0 is as fast as the window lets."),
      rows::text(name("source", "mobile_source"), &b::source, "source_addr of the messages."),
      rows::number(name("source_ton", "mobile_source_ton"), &b::source_ton, "source_addr_ton of the messages."),
      rows::number(name("source_npi", "mobile_source_npi"), &b::source_npi, "source_addr_npi of the messages."),
      rows::text(name("destination", "mobile_destination"), &b::destination, "destination_addr, the first of a range."),
      rows::number(name("destinations", "mobile_destinations"), &b::destinations,
                   "How many numbers from it on, drawn by chance."),
      rows::number(name("destination_ton", "mobile_destination_ton"), &b::destination_ton,
                   "dest_addr_ton of the messages."),
      rows::number(name("destination_npi", "mobile_destination_npi"), &b::destination_npi,
                   "dest_addr_npi of the messages."),
      rows::text(name("text", "mobile_text"), &b::text, "The text; {n} becomes the message's number."),
      rows::number(name("esm_class", "mobile_esm_class"), &b::esm_class, "esm_class of the messages."),
      rows::number(name("registered_delivery", "mobile_registered_delivery"), &b::registered_delivery,
                   "registered_delivery of the messages."),
      rows::number(name("data_coding", "mobile_data_coding"), &b::data_coding,
                   "data_coding; the text's octets are sent as they are."),
  };
}

}  // namespace

std::span<core::setting_row<burst> const> burst_rows() {
  static auto const all = list(false);
  return all;
}

std::span<core::setting_row<burst> const> mobile_burst_rows() {
  static auto const all = list(true);
  return all;
}

}  // namespace signalbox::simulators

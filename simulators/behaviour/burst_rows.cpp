#include "simulators/behaviour/burst_rows.hpp"

namespace signalbox::simulators {

namespace {

// One list for both prefixes: rows keep views of their names, so the names are literals.
std::vector<core::setting_row<burst>> list(bool mobile) {
  using b = burst;
  auto const name = [mobile](std::string_view plain, std::string_view prefixed) { return mobile ? prefixed : plain; };
  return {
      rows::number(name("count", "mobile_count"), "how many messages to send by itself once bound", &b::count),
      rows::decimal(name("rate", "mobile_rate"), "messages per second; 0 = as fast as the window lets", &b::rate_per_s),
      rows::text(name("source", "mobile_source"), "source_addr", &b::source),
      rows::number(name("source_ton", "mobile_source_ton"), "source_addr_ton", &b::source_ton),
      rows::number(name("source_npi", "mobile_source_npi"), "source_addr_npi", &b::source_npi),
      rows::text(name("destination", "mobile_destination"), "destination_addr, the first of a range", &b::destination),
      rows::number(name("destinations", "mobile_destinations"), "how many numbers from it on, drawn by chance",
                   &b::destinations),
      rows::number(name("destination_ton", "mobile_destination_ton"), "dest_addr_ton", &b::destination_ton),
      rows::number(name("destination_npi", "mobile_destination_npi"), "dest_addr_npi", &b::destination_npi),
      rows::text(name("text", "mobile_text"), "the text; {n} becomes the message's number", &b::text),
      rows::number(name("esm_class", "mobile_esm_class"), "esm_class", &b::esm_class),
      rows::number(name("registered_delivery", "mobile_registered_delivery"), "registered_delivery",
                   &b::registered_delivery),
      rows::number(name("data_coding", "mobile_data_coding"), "data_coding; the text's octets are sent as they are",
                   &b::data_coding),
  };
}

}  // namespace

std::span<core::setting_row<burst> const> burst_rows() {
  static auto const rows = list(false);
  return rows;
}

std::span<core::setting_row<burst> const> mobile_burst_rows() {
  static auto const rows = list(true);
  return rows;
}

}  // namespace signalbox::simulators

#include "simulators/behaviour/burst.hpp"

namespace signalbox::simulators {

namespace {

// "9960200000" + 17: the digits at the end count up, a sign or letters before them stay, and so does the length.
std::string number_after(std::string first, std::uint64_t steps) {
  for (auto at = first.size(); steps > 0 && at-- > 0;) {
    if (first[at] < '0' || first[at] > '9') break;
    steps += static_cast<std::uint64_t>(first[at] - '0');
    first[at] = static_cast<char>('0' + steps % 10);
    steps /= 10;
  }
  return first;
}

std::string numbered(std::string text, std::uint64_t number) {
  constexpr std::string_view mark = "{n}";
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at)) {
    auto const digits = std::to_string(number);
    text.replace(at, mark.size(), digits);
    at += digits.size();
  }
  return text;
}

}  // namespace

template <class Message>
Message burst::message(std::uint64_t number, entropy& chance) const {
  Message m;
  m.source_addr_ton = source_ton;
  m.source_addr_npi = source_npi;
  m.source_addr = source;
  m.dest_addr_ton = destination_ton;
  m.dest_addr_npi = destination_npi;
  m.destination_addr = number_after(destination, destinations > 1 ? chance.below(destinations) : 0);
  m.esm_class = esm_class;
  m.registered_delivery = registered_delivery;
  m.data_coding = data_coding;
  auto const words = octets_of(numbered(text, number));
  if (words.size() <= 254)  // 3.4, 5.2.21: longer text travels in message_payload
    m.short_message = words;
  else
    m.tlvs.push_back(smpp::make_octets(smpp::tag::message_payload, words));
  return m;
}

template smpp::submit_sm burst::message(std::uint64_t, entropy&) const;
template smpp::deliver_sm burst::message(std::uint64_t, entropy&) const;

instant pace(burst const& b, instant start, std::uint64_t n) {
  if (b.rate_per_s <= 0) return start;
  return start + duration(static_cast<duration::rep>(static_cast<double>(n) * 1e6 / b.rate_per_s));
}

}  // namespace signalbox::simulators

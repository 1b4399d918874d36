#include "simulators/smsc/receipts.hpp"

#include "engine/sms/receipts.hpp"

namespace signalbox::simulators {

namespace {

std::string padded(std::string digits, std::size_t width) {
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::string hex(std::uint64_t value, bool upper) {
  std::string digits;
  do digits.insert(digits.begin(), (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value & 15]);
  while ((value >>= 4) != 0);
  return digits;
}

std::string_view usual_word(std::uint8_t state) {  // 3.4, Appendix B
  switch (state) {
    case smpp::message_state::enroute:       return "ENROUTE";
    case smpp::message_state::delivered:     return "DELIVRD";
    case smpp::message_state::expired:       return "EXPIRED";
    case smpp::message_state::deleted:       return "DELETED";
    case smpp::message_state::undeliverable: return "UNDELIV";
    case smpp::message_state::accepted:      return "ACCEPTD";
    case smpp::message_state::rejected:      return "REJECTD";
    default:                                 return "UNKNOWN";
  }
}

}  // namespace

std::string spell(std::uint64_t id, id_spelling how) {
  switch (how) {
    case id_spelling::decimal:    return std::to_string(id);
    case id_spelling::padded:     return padded(std::to_string(id), 10);
    case id_spelling::hex_lower:  return hex(id, false);
    case id_spelling::hex_upper:  return hex(id, true);
    case id_spelling::hex_padded: return padded(hex(id, false), 8);
  }
  return {};
}

smpp::deliver_sm make_receipt(smpp::submit_sm const& original, receipt_facts const& facts, receipt_style const& style) {
  smpp::deliver_sm receipt;
  receipt.source_addr_ton = original.dest_addr_ton;
  receipt.source_addr_npi = original.dest_addr_npi;
  receipt.source_addr = original.destination_addr;
  receipt.dest_addr_ton = original.source_addr_ton;
  receipt.dest_addr_npi = original.source_addr_npi;
  receipt.destination_addr = original.source_addr;
  receipt.esm_class = smpp::esm::type_delivery_receipt;
  if (style.with_text) {
    auto const word = style.state_word.empty() ? usual_word(facts.state) : std::string_view(style.state_word);
    auto const delivered = facts.state == smpp::message_state::delivered;
    auto text = "id:" + spell(facts.id, style.id) + " sub:001 dlvrd:" + (delivered ? "001" : "000") +
                " submit date:" + sms::format_receipt_date(facts.submitted, style.date_digits) +
                " done date:" + sms::format_receipt_date(facts.done, style.date_digits) + " stat:" + std::string(word) +
                " err:" + padded(std::to_string(facts.error), 3);
    if (style.quotes_message) {
      auto const start = text_of(original.short_message).substr(0, 20);
      text.append(" text:").append(start);
    }
    receipt.short_message = octets_of(text);
  }
  if (style.id_tlv) receipt.tlvs.push_back(smpp::make_cstr(smpp::tag::receipted_message_id, spell(facts.id, style.id)));
  if (style.state_tlv) receipt.tlvs.push_back(smpp::make_u8(smpp::tag::message_state, facts.state));
  return receipt;
}

}  // namespace signalbox::simulators

#include "engine/core/adapter.hpp"

#include <charconv>

#include "engine/smpp/dates.hpp"

namespace signalbox::core {

namespace {

using namespace smpp;
using sms::refusal;

std::unexpected<refused_request> refuse(std::uint32_t status, std::string words) {
  return std::unexpected(refused_request{status, std::move(words)});
}

// The text is in short_message, or else in message_payload, which is never kept as a parameter. All other TLVs are
// kept for the receiver; those we know must have the length their definition gives.
translated<void> take_parameters(sms::message& m, tlv_list& tlvs, std::optional<wall>& expires, wall now) {
  for (auto& t : tlvs) {
    if (t.tag == tag::message_payload) {
      if (m.body.empty()) m.body = std::move(t.value);
      continue;
    }
    if (auto const good = validate(t); !good)
      return refuse(t.tag == tag::qos_time_to_live ? ESME_RINVOPTPARAMVAL : ESME_RINVPARLEN, describe(good.error()));
    if (t.tag == tag::qos_time_to_live && !expires) {
      reader in{t.value};
      expires = now + std::chrono::seconds{in.u32()};
    }
    m.parameters.push_back({t.tag, std::move(t.value)});
  }
  return {};
}

translated<void> take_dates(sms::submission& s, std::string_view scheduled, std::string_view expires, wall now) {
  auto const start = due(scheduled, now);
  if (!start) return refuse(ESME_RINVSCHED, "schedule_delivery_time: " + describe(start.error()));
  auto const end = due(expires, now);
  if (!end) return refuse(ESME_RINVEXPIRY, "validity_period: " + describe(end.error()));
  s.scheduled = *start;
  s.expires = *end;
  return {};
}

template <class Request>
void take_common(sms::message& m, Request& p) {
  m.source = {p.source_addr_ton, p.source_addr_npi, std::move(p.source_addr)};
  m.service_type = std::move(p.service_type);
  m.esm_class = p.esm_class;
  m.registered_delivery = p.registered_delivery;
  m.data_coding = p.data_coding;
}

template <class Request>
translated<sms::submission> take_whole(Request& p, wall now) {
  constexpr std::uint8_t highest_priority = 4;  // 3.4, 5.2.14 has 0 to 3, 5.0 adds 4
  if (p.priority_flag > highest_priority)
    return refuse(ESME_RINVPRTFLG, "priority_flag " + std::to_string(p.priority_flag));
  if (p.replace_if_present_flag > 1)
    return refuse(ESME_RINVREPFLAG, "replace_if_present_flag " + std::to_string(p.replace_if_present_flag));
  sms::submission s;
  auto& m = s.what;
  take_common(m, p);
  m.protocol_id = p.protocol_id;
  m.priority = p.priority_flag;
  m.replace_if_present = p.replace_if_present_flag;
  m.default_message_id = p.sm_default_msg_id;
  m.body = std::move(p.short_message);
  if (auto const good = take_dates(s, p.schedule_delivery_time, p.validity_period, now); !good)
    return std::unexpected(good.error());
  if (auto const good = take_parameters(m, p.tlvs, s.expires, now); !good) return std::unexpected(good.error());
  return s;
}

template <class Request>
translated<sms::submission> take_single(Request& p, wall now) {
  auto s = take_whole(p, now);
  if (s) s->destinations.push_back({p.dest_addr_ton, p.dest_addr_npi, std::move(p.destination_addr)});
  return s;
}

std::string shortened(std::string_view words) { return std::string(words.substr(0, 255)); }

tlv_list reason(std::string_view words, std::uint8_t version) {
  if (words.empty() || version < version_3_4) return {};
  return {make_cstr(tag::additional_status_info_text, shortened(words))};
}

}  // namespace

translated<sms::submission> submission_of(submit_sm& p, wall now) { return take_single(p, now); }
translated<sms::submission> submission_of(deliver_sm& p, wall now) { return take_single(p, now); }

translated<sms::submission> submission_of(data_sm& p, wall now) {
  sms::submission s;
  take_common(s.what, p);
  s.destinations.push_back({p.dest_addr_ton, p.dest_addr_npi, std::move(p.destination_addr)});
  if (auto const good = take_parameters(s.what, p.tlvs, s.expires, now); !good) return std::unexpected(good.error());
  return s;
}

translated<sms::submission> submission_of(submit_multi& p, wall now) {
  for (auto const& d : p.dest_address)
    if (d.dest_flag == dest_flag_list)
      return refuse(ESME_RINVDLNAME, "distribution lists are not supported: '" + d.dl_name + "'");
  if (p.dest_address.empty()) return refuse(ESME_RINVDLNAME, "no destination");
  auto s = take_whole(p, now);
  if (!s) return s;
  s->multi = true;
  for (auto& d : p.dest_address)
    s->destinations.push_back({d.dest_addr_ton, d.dest_addr_npi, std::move(d.destination_addr)});
  return s;
}

translated<sms::message_number> number_of_text(std::string_view message_id) {
  sms::message_number number;
  auto const [end, error] = std::from_chars(message_id.data(), message_id.data() + message_id.size(), number.value);
  if (error != std::errc{} || end != message_id.data() + message_id.size() || number.value == 0 ||
      number.value > sms::last_message_number)
    return refuse(ESME_RINVMSGID, "message_id is not one of ours");
  return number;
}

translated<sms::centre::replacement> replacement_of(replace_sm& p, wall now) {
  sms::submission dates;
  if (auto const good = take_dates(dates, p.schedule_delivery_time, p.validity_period, now); !good)
    return std::unexpected(good.error());
  auto body = std::move(p.short_message);
  if (body.empty())
    if (auto const* payload = find(p.tlvs, tag::message_payload)) body = payload->value;
  return sms::centre::replacement{std::move(body), dates.scheduled, dates.expires, p.registered_delivery,
                                  p.sm_default_msg_id};
}

std::uint32_t status_of(refusal why, command_id request) {
  switch (why) {
    case refusal::none:                return ESME_ROK;
    case refusal::source_not_allowed:  return ESME_RINVSRCADR;
    case refusal::no_destination:
    case refusal::no_route:            return ESME_RINVDSTADR;
    case refusal::data_coding:         return ESME_RINVDCS;
    case refusal::user_data_header:    return ESME_RINVESMCLASS;
    case refusal::too_many_parameters:
    case refusal::too_long:            return ESME_RINVPARLEN;
    case refusal::none_accepted:       return ESME_RSUBMITFAIL;
    case refusal::schedule:            return ESME_RINVSCHED;
    case refusal::queue_full:          return ESME_RMSGQFUL;
    case refusal::throttled:           return ESME_RTHROTTLED;
    case refusal::shutting_down:       return ESME_RSYSERR;
    case refusal::delivery_failed:     return ESME_RDELIVERYFAILURE;
    case refusal::unknown_message:     return ESME_RINVMSGID;
    case refusal::store_failed:
    case refusal::not_ready:
    case refusal::not_pending:
      return request == command_id::cancel_sm    ? ESME_RCANCELFAIL
             : request == command_id::replace_sm ? ESME_RREPLACEFAIL
             : request == command_id::query_sm   ? ESME_RQUERYFAIL
                                                 : ESME_RSUBMITFAIL;
  }
  return ESME_RUNKNOWNERR;
}

body refusal_body(command_id request, std::string_view words, std::uint8_t version) {
  switch (request) {
    case command_id::submit_sm:           return submit_sm_resp{{}, reason(words, version)};
    case command_id::deliver_sm:          return deliver_sm_resp{{}, reason(words, version)};
    case command_id::data_sm:             return data_sm_resp{{}, reason(words, version)};
    case command_id::submit_multi:        return submit_multi_resp{{}, {}, reason(words, version)};
    case command_id::query_sm:            return query_sm_resp{};
    case command_id::cancel_sm:           return cancel_sm_resp{};
    case command_id::replace_sm:          return replace_sm_resp{};
    case command_id::broadcast_sm:        return broadcast_sm_resp{{}, reason(words, version)};
    case command_id::query_broadcast_sm:  return query_broadcast_sm_resp{{}, reason(words, version)};
    case command_id::cancel_broadcast_sm: return cancel_broadcast_sm_resp{};
    default:                              return generic_nack{};
  }
}

pdu response_for(sms::answer const& a, std::uint8_t version) {
  auto const request = static_cast<command_id>(a.to.request);
  pdu p{status_of(a.why, request), a.to.sequence, refusal_body(request, a.words, version)};
  auto const id = a.number.value == 0 ? std::string{} : std::to_string(a.number.value);
  auto const taken = a.why == refusal::none || a.why == refusal::delivery_failed;
  if (auto* r = std::get_if<submit_sm_resp>(&p.body); r != nullptr && taken) r->message_id = id;
  if (auto* r = std::get_if<data_sm_resp>(&p.body); r != nullptr && taken) r->message_id = id;
  if (auto* r = std::get_if<submit_multi_resp>(&p.body)) {
    if (taken) r->message_id = id;
    for (auto const& f : a.failed)
      r->unsuccess.push_back({f.who.ton, f.who.npi, f.who.digits, status_of(f.why, request)});
  }
  if (a.why == refusal::delivery_failed && version >= version_3_4) {
    auto const how = make_u8(tag::delivery_failure_reason, static_cast<std::uint8_t>(a.failure));
    if (auto* r = std::get_if<submit_sm_resp>(&p.body)) r->tlvs.push_back(how);
    if (auto* r = std::get_if<data_sm_resp>(&p.body)) r->tlvs.push_back(how);
  }
  if (auto* r = std::get_if<query_sm_resp>(&p.body)) {
    r->message_id = id;
    if (a.why == refusal::none) {
      r->final_date = a.done ? format_absolute(*a.done) : std::string{};
      // SCHEDULED is a state of 5.0 only (4.7.15)
      auto const known = version >= version_5_0 || a.state != sms::message_state::scheduled;
      r->message_state = static_cast<std::uint8_t>(known ? a.state : sms::message_state::enroute);
      r->error_code = a.error;
    }
  }
  return p;
}

result<deliver_sm> delivery_of(sms::message const& m, std::uint8_t version) {
  constexpr std::size_t longest_short_message = 254;  // SMPP 3.4, 5.2.21
  deliver_sm d;
  d.service_type = m.service_type;
  d.source_addr_ton = m.source.ton;
  d.source_addr_npi = m.source.npi;
  d.source_addr = m.source.digits;
  d.dest_addr_ton = m.destination.ton;
  d.dest_addr_npi = m.destination.npi;
  d.destination_addr = m.destination.digits;
  d.esm_class = m.esm_class;
  d.protocol_id = m.protocol_id;
  d.priority_flag = m.priority;
  d.registered_delivery = m.registered_delivery;
  d.data_coding = m.data_coding;
  if (version >= version_5_0) d.validity_period = format_absolute(m.expires);
  auto const optional = version >= version_3_4;
  if (m.body.size() <= longest_short_message)
    d.short_message = m.body;
  else if (optional)
    d.tlvs.push_back({tag::message_payload, m.body});
  else
    return failed(errc::too_long, 0, "short_message", "no message_payload before SMPP 3.4");
  if (optional)
    for (auto const& p : m.parameters) d.tlvs.push_back({p.tag, p.value});
  return d;
}

// Which answers of a receiver are worth another try; all others are final.
sms::outcome outcome_of(std::uint32_t command_status) {
  switch (command_status) {
    case ESME_ROK:        return {sms::outcome::kind::success, sms::error_code::none};
    case ESME_RTHROTTLED:
    case ESME_RX_T_APPN:
    case ESME_RSYSERR:
    case ESME_RINVBNDSTS:
    case ESME_RMSGQFUL:   return {sms::outcome::kind::temporary, sms::error_code::sc_system_error};
    default:              return {sms::outcome::kind::permanent, sms::error_code::sending_failed};
  }
}

std::uint32_t status_of(sms::bind_refusal why) {
  switch (why) {
    case sms::bind_refusal::no_such_esme:   return ESME_RINVSYSID;
    case sms::bind_refusal::already_bound:  return ESME_RALYBND;
    case sms::bind_refusal::wrong_password: return ESME_RINVPASWD;
    case sms::bind_refusal::wrong_address:  return ESME_RINVBNDSTS;
  }
  return ESME_RBINDFAIL;
}

}  // namespace signalbox::core

// Protocol words to the engine's own and back: SMPP requests become submissions and selectors, refusals become command
// statuses, messages become deliver_sm. No state, no decisions but translation.
#pragma once

#include "engine/smpp/session.hpp"
#include "engine/sms/pipeline.hpp"

namespace signalbox::core {

struct refused_request {  // what the request could not say
  std::uint32_t status = smpp::ESME_ROK;
  std::string words;
};
template <class T>
using translated = std::expected<T, refused_request>;

translated<sms::submission> submission_of(smpp::submit_sm& p, wall now);
translated<sms::submission> submission_of(smpp::deliver_sm& p,
                                          wall now);  // an ESME's deliver_sm is taken as a submit_sm
translated<sms::submission> submission_of(smpp::data_sm& p, wall now);
translated<sms::submission> submission_of(smpp::submit_multi& p, wall now);

translated<sms::message_number> number_of_text(std::string_view message_id);
translated<sms::centre::replacement> replacement_of(smpp::replace_sm& p, wall now);

smpp::pdu response_for(sms::answer const& a, std::uint8_t version);
smpp::body refusal_body(smpp::command_id request, std::string_view words, std::uint8_t version);
std::uint32_t status_of(sms::refusal why, smpp::command_id request);

// 3.3 peers get no TLVs; text that then has no place is a fault.
result<smpp::deliver_sm> delivery_of(sms::message const& m, std::uint8_t version);
sms::outcome outcome_of(std::uint32_t command_status);
std::uint32_t status_of(sms::bind_refusal why);

}  // namespace signalbox::core

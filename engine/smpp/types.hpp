// The vocabulary of SMPP: command ids, status codes, field values and TLV tags of SMPP 3.4 (section 5) and
// SMPP 5.0 (section 4), each code space with its table of names. Values only; what travels in which PDU is in
// messages.hpp, what a TLV holds is in tlv.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/fields.hpp"

namespace signalbox::smpp {

// SMPP 3.4, 5.1.2.1; 5.0, 4.7.5. A response is its request with the top bit set.
enum class command_id : std::uint32_t {
  bind_receiver = 0x00000001,
  bind_transmitter = 0x00000002,
  query_sm = 0x00000003,
  submit_sm = 0x00000004,
  deliver_sm = 0x00000005,
  unbind = 0x00000006,
  replace_sm = 0x00000007,
  cancel_sm = 0x00000008,
  bind_transceiver = 0x00000009,
  outbind = 0x0000000B,
  enquire_link = 0x00000015,
  submit_multi = 0x00000021,
  alert_notification = 0x00000102,
  data_sm = 0x00000103,
  broadcast_sm = 0x00000111,  // from here to cancel_broadcast_sm: 5.0 only
  query_broadcast_sm = 0x00000112,
  cancel_broadcast_sm = 0x00000113,

  generic_nack = 0x80000000,
  bind_receiver_resp = 0x80000001,
  bind_transmitter_resp = 0x80000002,
  query_sm_resp = 0x80000003,
  submit_sm_resp = 0x80000004,
  deliver_sm_resp = 0x80000005,
  unbind_resp = 0x80000006,
  replace_sm_resp = 0x80000007,
  cancel_sm_resp = 0x80000008,
  bind_transceiver_resp = 0x80000009,
  enquire_link_resp = 0x80000015,
  submit_multi_resp = 0x80000021,
  data_sm_resp = 0x80000103,
  broadcast_sm_resp = 0x80000111,
  query_broadcast_sm_resp = 0x80000112,
  cancel_broadcast_sm_resp = 0x80000113,
};

inline constexpr code_name commands[] = {
    {0x00000001, "bind_receiver", "an ESME asks to receive messages"},
    {0x00000002, "bind_transmitter", "an ESME asks to send messages"},
    {0x00000003, "query_sm", "asks for the state of a message"},
    {0x00000004, "submit_sm", "an ESME sends one message"},
    {0x00000005, "deliver_sm", "the message centre hands a message or receipt to an ESME"},
    {0x00000006, "unbind", "ends the session"},
    {0x00000007, "replace_sm", "changes a message still waiting"},
    {0x00000008, "cancel_sm", "withdraws one message or a group of them"},
    {0x00000009, "bind_transceiver", "an ESME asks to send and receive"},
    {0x0000000B, "outbind", "the message centre asks an ESME to bind as receiver"},
    {0x00000015, "enquire_link", "asks whether the peer is still there"},
    {0x00000021, "submit_multi", "an ESME sends one message to several destinations"},
    {0x00000102, "alert_notification", "a mobile has become reachable again"},
    {0x00000103, "data_sm", "a message in either direction, its text in a TLV"},
    {0x00000111, "broadcast_sm", "an ESME sends a cell broadcast message"},
    {0x00000112, "query_broadcast_sm", "asks for the state of a broadcast message"},
    {0x00000113, "cancel_broadcast_sm", "withdraws a broadcast message"},
    {0x80000000, "generic_nack", "answers what could not be read as any request"},
    {0x80000001, "bind_receiver_resp", "answers bind_receiver"},
    {0x80000002, "bind_transmitter_resp", "answers bind_transmitter"},
    {0x80000003, "query_sm_resp", "answers query_sm"},
    {0x80000004, "submit_sm_resp", "answers submit_sm"},
    {0x80000005, "deliver_sm_resp", "answers deliver_sm"},
    {0x80000006, "unbind_resp", "answers unbind"},
    {0x80000007, "replace_sm_resp", "answers replace_sm"},
    {0x80000008, "cancel_sm_resp", "answers cancel_sm"},
    {0x80000009, "bind_transceiver_resp", "answers bind_transceiver"},
    {0x80000015, "enquire_link_resp", "answers enquire_link"},
    {0x80000021, "submit_multi_resp", "answers submit_multi"},
    {0x80000103, "data_sm_resp", "answers data_sm"},
    {0x80000111, "broadcast_sm_resp", "answers broadcast_sm"},
    {0x80000112, "query_broadcast_sm_resp", "answers query_broadcast_sm"},
    {0x80000113, "cancel_broadcast_sm_resp", "answers cancel_broadcast_sm"},
};

constexpr std::string_view name_of(command_id id) { return find_name(commands, static_cast<std::uint32_t>(id)); }
constexpr bool is_known(command_id id) { return !name_of(id).empty(); }
constexpr bool is_response(command_id id) { return (static_cast<std::uint32_t>(id) & 0x80000000u) != 0; }
// The response of a request. outbind and alert_notification have none; what cannot be answered by name (those two,
// responses, unknown ids) is answered by generic_nack (3.4, 4.3).
constexpr command_id response_to(command_id id) {
  auto const answer = static_cast<command_id>(static_cast<std::uint32_t>(id) | 0x80000000u);
  return !is_response(id) && is_known(answer) ? answer : command_id::generic_nack;
}

inline constexpr std::uint8_t version_3_3 = 0x33;  // interface_version: 0x00..0x33 all mean 3.3 or earlier
inline constexpr std::uint8_t version_3_4 = 0x34;
inline constexpr std::uint8_t version_5_0 = 0x50;

// -- command_status: 3.4, 5.1.3; 5.0, 4.7.6 ----------------------------------------------------------------------

inline constexpr std::uint32_t ESME_ROK = 0x000;
inline constexpr std::uint32_t ESME_RINVMSGLEN = 0x001;
inline constexpr std::uint32_t ESME_RINVCMDLEN = 0x002;
inline constexpr std::uint32_t ESME_RINVCMDID = 0x003;
inline constexpr std::uint32_t ESME_RINVBNDSTS = 0x004;
inline constexpr std::uint32_t ESME_RALYBND = 0x005;
inline constexpr std::uint32_t ESME_RINVPRTFLG = 0x006;
inline constexpr std::uint32_t ESME_RINVREGDLVFLG = 0x007;
inline constexpr std::uint32_t ESME_RSYSERR = 0x008;
inline constexpr std::uint32_t ESME_RINVSRCADR = 0x00A;
inline constexpr std::uint32_t ESME_RINVDSTADR = 0x00B;
inline constexpr std::uint32_t ESME_RINVMSGID = 0x00C;
inline constexpr std::uint32_t ESME_RBINDFAIL = 0x00D;
inline constexpr std::uint32_t ESME_RINVPASWD = 0x00E;
inline constexpr std::uint32_t ESME_RINVSYSID = 0x00F;
inline constexpr std::uint32_t ESME_RCANCELFAIL = 0x011;
inline constexpr std::uint32_t ESME_RREPLACEFAIL = 0x013;
inline constexpr std::uint32_t ESME_RMSGQFUL = 0x014;
inline constexpr std::uint32_t ESME_RINVSERTYP = 0x015;
inline constexpr std::uint32_t ESME_RINVNUMDESTS = 0x033;
inline constexpr std::uint32_t ESME_RINVDLNAME = 0x034;
inline constexpr std::uint32_t ESME_RINVDESTFLAG = 0x040;
inline constexpr std::uint32_t ESME_RINVSUBREP = 0x042;
inline constexpr std::uint32_t ESME_RINVESMCLASS = 0x043;
inline constexpr std::uint32_t ESME_RCNTSUBDL = 0x044;
inline constexpr std::uint32_t ESME_RSUBMITFAIL = 0x045;
inline constexpr std::uint32_t ESME_RINVSRCTON = 0x048;
inline constexpr std::uint32_t ESME_RINVSRCNPI = 0x049;
inline constexpr std::uint32_t ESME_RINVDSTTON = 0x050;
inline constexpr std::uint32_t ESME_RINVDSTNPI = 0x051;
inline constexpr std::uint32_t ESME_RINVSYSTYP = 0x053;
inline constexpr std::uint32_t ESME_RINVREPFLAG = 0x054;
inline constexpr std::uint32_t ESME_RINVNUMMSGS = 0x055;
inline constexpr std::uint32_t ESME_RTHROTTLED = 0x058;
inline constexpr std::uint32_t ESME_RINVSCHED = 0x061;
inline constexpr std::uint32_t ESME_RINVEXPIRY = 0x062;
inline constexpr std::uint32_t ESME_RINVDFTMSGID = 0x063;
inline constexpr std::uint32_t ESME_RX_T_APPN = 0x064;
inline constexpr std::uint32_t ESME_RX_P_APPN = 0x065;
inline constexpr std::uint32_t ESME_RX_R_APPN = 0x066;
inline constexpr std::uint32_t ESME_RQUERYFAIL = 0x067;
inline constexpr std::uint32_t ESME_RINVOPTPARSTREAM = 0x0C0;
inline constexpr std::uint32_t ESME_ROPTPARNOTALLWD = 0x0C1;
inline constexpr std::uint32_t ESME_RINVPARLEN = 0x0C2;
inline constexpr std::uint32_t ESME_RMISSINGOPTPARAM = 0x0C3;
inline constexpr std::uint32_t ESME_RINVOPTPARAMVAL = 0x0C4;
inline constexpr std::uint32_t ESME_RDELIVERYFAILURE = 0x0FE;
inline constexpr std::uint32_t ESME_RUNKNOWNERR = 0x0FF;
inline constexpr std::uint32_t ESME_RSERTYPUNAUTH = 0x100;  // from here on: 5.0 only
inline constexpr std::uint32_t ESME_RPROHIBITED = 0x101;
inline constexpr std::uint32_t ESME_RSERTYPUNAVAIL = 0x102;
inline constexpr std::uint32_t ESME_RSERTYPDENIED = 0x103;
inline constexpr std::uint32_t ESME_RINVDCS = 0x104;
inline constexpr std::uint32_t ESME_RINVSRCADDRSUBUNIT = 0x105;
inline constexpr std::uint32_t ESME_RINVDSTADDRSUBUNIT = 0x106;
inline constexpr std::uint32_t ESME_RINVBCASTFREQINT = 0x107;
inline constexpr std::uint32_t ESME_RINVBCASTALIAS_NAME = 0x108;
inline constexpr std::uint32_t ESME_RINVBCASTAREAFMT = 0x109;
inline constexpr std::uint32_t ESME_RINVNUMBCAST_AREAS = 0x10A;
inline constexpr std::uint32_t ESME_RINVBCASTCNTTYPE = 0x10B;
inline constexpr std::uint32_t ESME_RINVBCASTMSGCLASS = 0x10C;
inline constexpr std::uint32_t ESME_RBCASTFAIL = 0x10D;
inline constexpr std::uint32_t ESME_RBCASTQUERYFAIL = 0x10E;
inline constexpr std::uint32_t ESME_RBCASTCANCELFAIL = 0x10F;
inline constexpr std::uint32_t ESME_RINVBCAST_REP = 0x110;
inline constexpr std::uint32_t ESME_RINVBCASTSRVGRP = 0x111;
inline constexpr std::uint32_t ESME_RINVBCASTCHANIND = 0x112;

// Names are those of 3.4. 5.0 renamed 0xC0..0xC4 (RINVTLVSTREAM, RTLVNOTALLWD, RINVTLVLEN, RMISSINGTLV, RINVTLVVAL).
inline constexpr code_name statuses[] = {
    {ESME_ROK, "ESME_ROK", "no error"},
    {ESME_RINVMSGLEN, "ESME_RINVMSGLEN", "the message has a length that is not allowed"},
    {ESME_RINVCMDLEN, "ESME_RINVCMDLEN", "command_length does not fit the command"},
    {ESME_RINVCMDID, "ESME_RINVCMDID", "command_id is unknown or not served"},
    {ESME_RINVBNDSTS, "ESME_RINVBNDSTS", "the session's bind state does not allow this command"},
    {ESME_RALYBND, "ESME_RALYBND", "already bound"},
    {ESME_RINVPRTFLG, "ESME_RINVPRTFLG", "priority_flag is not allowed"},
    {ESME_RINVREGDLVFLG, "ESME_RINVREGDLVFLG", "registered_delivery is not allowed"},
    {ESME_RSYSERR, "ESME_RSYSERR", "the peer cannot work at present"},
    {ESME_RINVSRCADR, "ESME_RINVSRCADR", "the source address is not allowed"},
    {ESME_RINVDSTADR, "ESME_RINVDSTADR", "the destination address is not allowed"},
    {ESME_RINVMSGID, "ESME_RINVMSGID", "message_id is not known"},
    {ESME_RBINDFAIL, "ESME_RBINDFAIL", "the bind failed"},
    {ESME_RINVPASWD, "ESME_RINVPASWD", "wrong password"},
    {ESME_RINVSYSID, "ESME_RINVSYSID", "unknown system_id"},
    {ESME_RCANCELFAIL, "ESME_RCANCELFAIL", "nothing could be cancelled"},
    {ESME_RREPLACEFAIL, "ESME_RREPLACEFAIL", "the message could not be replaced"},
    {ESME_RMSGQFUL, "ESME_RMSGQFUL", "the message queue is full"},
    {ESME_RINVSERTYP, "ESME_RINVSERTYP", "service_type is not known"},
    {ESME_RINVNUMDESTS, "ESME_RINVNUMDESTS", "number_of_dests is not allowed"},
    {ESME_RINVDLNAME, "ESME_RINVDLNAME", "the distribution list is not known"},
    {ESME_RINVDESTFLAG, "ESME_RINVDESTFLAG", "dest_flag is neither address nor list"},
    {ESME_RINVSUBREP, "ESME_RINVSUBREP", "submit with replace is not possible"},
    {ESME_RINVESMCLASS, "ESME_RINVESMCLASS", "esm_class is not allowed"},
    {ESME_RCNTSUBDL, "ESME_RCNTSUBDL", "a distribution list cannot be sent to"},
    {ESME_RSUBMITFAIL, "ESME_RSUBMITFAIL", "submit_sm or submit_multi failed"},
    {ESME_RINVSRCTON, "ESME_RINVSRCTON", "source_addr_ton is not allowed"},
    {ESME_RINVSRCNPI, "ESME_RINVSRCNPI", "source_addr_npi is not allowed"},
    {ESME_RINVDSTTON, "ESME_RINVDSTTON", "dest_addr_ton is not allowed"},
    {ESME_RINVDSTNPI, "ESME_RINVDSTNPI", "dest_addr_npi is not allowed"},
    {ESME_RINVSYSTYP, "ESME_RINVSYSTYP", "system_type is not allowed"},
    {ESME_RINVREPFLAG, "ESME_RINVREPFLAG", "replace_if_present_flag is not allowed"},
    {ESME_RINVNUMMSGS, "ESME_RINVNUMMSGS", "number_of_messages is not allowed"},
    {ESME_RTHROTTLED, "ESME_RTHROTTLED", "rate or window limit exceeded"},
    {ESME_RINVSCHED, "ESME_RINVSCHED", "schedule_delivery_time cannot be read or kept"},
    {ESME_RINVEXPIRY, "ESME_RINVEXPIRY", "validity_period cannot be read or kept"},
    {ESME_RINVDFTMSGID, "ESME_RINVDFTMSGID", "the predefined message is not known"},
    {ESME_RX_T_APPN, "ESME_RX_T_APPN", "the receiver failed for now; send it again"},
    {ESME_RX_P_APPN, "ESME_RX_P_APPN", "the receiver failed for good"},
    {ESME_RX_R_APPN, "ESME_RX_R_APPN", "the receiver rejected the message"},
    {ESME_RQUERYFAIL, "ESME_RQUERYFAIL", "query_sm failed"},
    {ESME_RINVOPTPARSTREAM, "ESME_RINVOPTPARSTREAM", "the optional parameters cannot be read"},
    {ESME_ROPTPARNOTALLWD, "ESME_ROPTPARNOTALLWD", "an optional parameter is not allowed here"},
    {ESME_RINVPARLEN, "ESME_RINVPARLEN", "a parameter has a length that is not allowed"},
    {ESME_RMISSINGOPTPARAM, "ESME_RMISSINGOPTPARAM", "an expected optional parameter is missing"},
    {ESME_RINVOPTPARAMVAL, "ESME_RINVOPTPARAMVAL", "an optional parameter has a value that is not allowed"},
    {ESME_RDELIVERYFAILURE, "ESME_RDELIVERYFAILURE", "delivery in transaction mode failed"},
    {ESME_RUNKNOWNERR, "ESME_RUNKNOWNERR", "some other error"},
    {ESME_RSERTYPUNAUTH, "ESME_RSERTYPUNAUTH", "the ESME may not use this service_type"},
    {ESME_RPROHIBITED, "ESME_RPROHIBITED", "the ESME may not use this operation"},
    {ESME_RSERTYPUNAVAIL, "ESME_RSERTYPUNAVAIL", "the service_type is not available"},
    {ESME_RSERTYPDENIED, "ESME_RSERTYPDENIED", "the service_type is denied"},
    {ESME_RINVDCS, "ESME_RINVDCS", "data_coding is not allowed"},
    {ESME_RINVSRCADDRSUBUNIT, "ESME_RINVSRCADDRSUBUNIT", "source_addr_subunit is not allowed"},
    {ESME_RINVDSTADDRSUBUNIT, "ESME_RINVDSTADDRSUBUNIT", "dest_addr_subunit is not allowed"},
    {ESME_RINVBCASTFREQINT, "ESME_RINVBCASTFREQINT", "broadcast_frequency_interval is not allowed"},
    {ESME_RINVBCASTALIAS_NAME, "ESME_RINVBCASTALIAS_NAME", "the broadcast area's alias is not known"},
    {ESME_RINVBCASTAREAFMT, "ESME_RINVBCASTAREAFMT", "the broadcast area's format is not known"},
    {ESME_RINVNUMBCAST_AREAS, "ESME_RINVNUMBCAST_AREAS", "the number of broadcast areas is not allowed"},
    {ESME_RINVBCASTCNTTYPE, "ESME_RINVBCASTCNTTYPE", "broadcast_content_type is not allowed"},
    {ESME_RINVBCASTMSGCLASS, "ESME_RINVBCASTMSGCLASS", "broadcast_message_class is not allowed"},
    {ESME_RBCASTFAIL, "ESME_RBCASTFAIL", "broadcast_sm failed"},
    {ESME_RBCASTQUERYFAIL, "ESME_RBCASTQUERYFAIL", "query_broadcast_sm failed"},
    {ESME_RBCASTCANCELFAIL, "ESME_RBCASTCANCELFAIL", "cancel_broadcast_sm failed"},
    {ESME_RINVBCAST_REP, "ESME_RINVBCAST_REP", "broadcast_rep_num is not allowed"},
    {ESME_RINVBCASTSRVGRP, "ESME_RINVBCASTSRVGRP", "broadcast_service_group is not allowed"},
    {ESME_RINVBCASTCHANIND, "ESME_RINVBCASTCHANIND", "broadcast_channel_indicator is not allowed"},
};

// -- addresses: 3.4, 5.2.5 and 5.2.6 -----------------------------------------------------------------------------

namespace ton {
inline constexpr std::uint8_t unknown = 0, international = 1, national = 2, network_specific = 3, subscriber = 4,
                              alphanumeric = 5, abbreviated = 6;
}
inline constexpr code_name tons[] = {
    {ton::unknown, "unknown", "unknown"},
    {ton::international, "international", "international number"},
    {ton::national, "national", "national number"},
    {ton::network_specific, "network_specific", "number of the network's own plan"},
    {ton::subscriber, "subscriber", "subscriber number"},
    {ton::alphanumeric, "alphanumeric", "letters and digits"},
    {ton::abbreviated, "abbreviated", "short code"},
};

namespace npi {
inline constexpr std::uint8_t unknown = 0, isdn = 1, data = 3, telex = 4, land_mobile = 6, national = 8,
                              private_plan = 9, ermes = 10, internet = 14, wap_client_id = 18;
}
inline constexpr code_name npis[] = {
    {npi::unknown, "unknown", "unknown"},
    {npi::isdn, "isdn", "E.163 or E.164"},
    {npi::data, "data", "X.121"},
    {npi::telex, "telex", "F.69"},
    {npi::land_mobile, "land_mobile", "E.212"},
    {npi::national, "national", "national plan"},
    {npi::private_plan, "private", "private plan"},
    {npi::ermes, "ermes", "pager network"},
    {npi::internet, "internet", "IP address"},
    {npi::wap_client_id, "wap_client_id", "WAP client id"},
};

// -- esm_class: 3.4, 5.2.12 --------------------------------------------------------------------------------------

namespace esm {
inline constexpr std::uint8_t mode_mask = 0x03;  // submit_sm, submit_multi, data_sm
inline constexpr std::uint8_t mode_default = 0x00, mode_datagram = 0x01, mode_transaction = 0x02,
                              mode_store_and_forward = 0x03;
inline constexpr std::uint8_t type_mask = 0x3C;
inline constexpr std::uint8_t type_default = 0x00;
inline constexpr std::uint8_t type_delivery_receipt = 0x04;  // deliver_sm, data_sm towards the ESME
inline constexpr std::uint8_t type_delivery_ack = 0x08;
inline constexpr std::uint8_t type_user_ack = 0x10;
inline constexpr std::uint8_t type_conversation_abort = 0x18;
inline constexpr std::uint8_t type_intermediate_notification = 0x20;
inline constexpr std::uint8_t udhi = 0x40;  // a user data header stands before the text
inline constexpr std::uint8_t reply_path = 0x80;
}  // namespace esm

// -- registered_delivery: 3.4, 5.2.17; 5.0, 4.7.21 ---------------------------------------------------------------

namespace registered {
inline constexpr std::uint8_t receipt_mask = 0x03;
inline constexpr std::uint8_t none = 0x00, success_or_failure = 0x01, failure = 0x02;
inline constexpr std::uint8_t success = 0x03;  // 5.0; reserved in 3.4
inline constexpr std::uint8_t ack_mask = 0x0C;
inline constexpr std::uint8_t delivery_ack = 0x04, user_ack = 0x08, both_acks = 0x0C;
inline constexpr std::uint8_t intermediate = 0x10;
}  // namespace registered

// -- data_coding: 3.4, 5.2.19 ------------------------------------------------------------------------------------

namespace coding {
inline constexpr std::uint8_t default_alphabet = 0, ia5 = 1, octets_2 = 2, latin1 = 3, octets = 4, jis = 5,
                              cyrillic = 6, hebrew = 7, ucs2 = 8, pictogram = 9, iso_2022_jp = 10, extended_kanji = 13,
                              ks_c_5601 = 14;
}
inline constexpr code_name codings[] = {
    {coding::default_alphabet, "default_alphabet", "the message centre's default alphabet"},
    {coding::ia5, "ia5", "IA5, ASCII"},
    {coding::octets_2, "octets", "octets, no text"},
    {coding::latin1, "latin1", "ISO 8859-1"},
    {coding::octets, "octets", "octets, no text"},
    {coding::jis, "jis", "X 0208-1990"},
    {coding::cyrillic, "cyrillic", "ISO 8859-5"},
    {coding::hebrew, "hebrew", "ISO 8859-8"},
    {coding::ucs2, "ucs2", "UCS-2, ISO 10646"},
    {coding::pictogram, "pictogram", "pictogram encoding"},
    {coding::iso_2022_jp, "iso_2022_jp", "music codes"},
    {coding::extended_kanji, "extended_kanji", "X 0212-1990"},
    {coding::ks_c_5601, "ks_c_5601", "KS C 5601"},
};

// -- message_state: 3.4, 5.2.28; 5.0, 4.7.15 ---------------------------------------------------------------------

namespace message_state {
inline constexpr std::uint8_t scheduled = 0;  // 5.0
inline constexpr std::uint8_t enroute = 1, delivered = 2, expired = 3, deleted = 4, undeliverable = 5, accepted = 6,
                              unknown = 7, rejected = 8;
inline constexpr std::uint8_t skipped = 9;  // 5.0
}  // namespace message_state
inline constexpr code_name message_states[] = {
    {message_state::scheduled, "SCHEDULED", "waits for its schedule_delivery_time"},
    {message_state::enroute, "ENROUTE", "on its way"},
    {message_state::delivered, "DELIVERED", "delivered"},
    {message_state::expired, "EXPIRED", "the validity period passed"},
    {message_state::deleted, "DELETED", "deleted"},
    {message_state::undeliverable, "UNDELIVERABLE", "cannot be delivered"},
    {message_state::accepted, "ACCEPTED", "read by an operator on the subscriber's behalf"},
    {message_state::unknown, "UNKNOWN", "in no state the message centre knows"},
    {message_state::rejected, "REJECTED", "rejected"},
    {message_state::skipped, "SKIPPED", "accepted, then deliberately not sent"},
};

// submit_multi, 3.4, 5.2.25
inline constexpr std::uint8_t dest_flag_address = 1, dest_flag_list = 2;
inline constexpr code_name dest_flags[] = {
    {dest_flag_address, "sme_address", "one address"},
    {dest_flag_list, "distribution_list", "a distribution list"},
};

// -- TLV tags: 3.4, 5.3.2; 5.0, 4.8.1 ----------------------------------------------------------------------------

namespace tag {
inline constexpr std::uint16_t dest_addr_subunit = 0x0005, dest_network_type = 0x0006, dest_bearer_type = 0x0007,
                               dest_telematics_id = 0x0008, source_addr_subunit = 0x000D, source_network_type = 0x000E,
                               source_bearer_type = 0x000F, source_telematics_id = 0x0010, qos_time_to_live = 0x0017,
                               payload_type = 0x0019, additional_status_info_text = 0x001D,
                               receipted_message_id = 0x001E, ms_msg_wait_facilities = 0x0030,
                               privacy_indicator = 0x0201, source_subaddress = 0x0202, dest_subaddress = 0x0203,
                               user_message_reference = 0x0204, user_response_code = 0x0205, source_port = 0x020A,
                               destination_port = 0x020B, sar_msg_ref_num = 0x020C, language_indicator = 0x020D,
                               sar_total_segments = 0x020E, sar_segment_seqnum = 0x020F, sc_interface_version = 0x0210,
                               callback_num_pres_ind = 0x0302, callback_num_atag = 0x0303, number_of_messages = 0x0304,
                               callback_num = 0x0381, dpf_result = 0x0420, set_dpf = 0x0421,
                               ms_availability_status = 0x0422, network_error_code = 0x0423, message_payload = 0x0424,
                               delivery_failure_reason = 0x0425, more_messages_to_send = 0x0426, message_state = 0x0427,
                               congestion_state = 0x0428, ussd_service_op = 0x0501,
                               broadcast_channel_indicator = 0x0600, broadcast_content_type = 0x0601,
                               broadcast_content_type_info = 0x0602, broadcast_message_class = 0x0603,
                               broadcast_rep_num = 0x0604, broadcast_frequency_interval = 0x0605,
                               broadcast_area_identifier = 0x0606, broadcast_error_status = 0x0607,
                               broadcast_area_success = 0x0608, broadcast_end_time = 0x0609,
                               broadcast_service_group = 0x060A, billing_identification = 0x060B,
                               source_network_id = 0x060D, dest_network_id = 0x060E, source_node_id = 0x060F,
                               dest_node_id = 0x0610, dest_addr_np_resolution = 0x0611,
                               dest_addr_np_information = 0x0612, dest_addr_np_country = 0x0613, display_time = 0x1201,
                               sms_signal = 0x1203, ms_validity = 0x1204, alert_on_message_delivery = 0x130C,
                               its_reply_type = 0x1380, its_session_info = 0x1383;
}

}  // namespace signalbox::smpp

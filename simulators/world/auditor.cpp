#include "simulators/world/auditor.hpp"

#include <algorithm>
#include <utility>

namespace signalbox::simulators {

namespace {

constexpr std::size_t quoted_characters = 20;
constexpr std::size_t most_found = 1000;

std::string key_of(std::string_view text) { return std::string(text.substr(0, quoted_characters)); }

std::string in_words(int rule, std::string const& text, std::string const& what) {
  return "rule " + std::to_string(rule) + ": \"" + text + "\" " + what;
}

// "id:4711 sub:001 dlvrd:001 submit date:... done date:... stat:DELIVRD err:000 text:..." (SMPP 3.4, appendix B)
std::string part_of_receipt(std::string_view receipt, std::string_view label) {
  auto const at = receipt.find(label);
  if (at == receipt.npos) return {};
  auto const rest = receipt.substr(at + label.size());
  return std::string(label == " text:" ? rest : rest.substr(0, rest.find(' ')));
}

bool temporary(std::uint32_t status) {
  switch (status) {
    case smpp::ESME_RTHROTTLED:
    case smpp::ESME_RX_T_APPN:
    case smpp::ESME_RSYSERR:
    case smpp::ESME_RINVBNDSTS:
    case smpp::ESME_RMSGQFUL:   return true;
    default:                    return false;
  }
}

}  // namespace

// -- what is seen --------------------------------------------------------------------------------------------------

void auditor::on_sent(std::uint64_t link, place at, octet_view data, moment now) { feed(link, at, false, data, now); }
void auditor::on_arrived(std::uint64_t link, place at, octet_view data, moment now) { feed(link, at, true, data, now); }

void auditor::feed(std::uint64_t number, place at, bool arrived, octet_view data, moment now) {
  auto& on = links_[number];
  auto& stream = on.streams[(at == place::actor ? 0u : 1u) + (arrived ? 2u : 0u)];
  stream.feed(data);
  while (auto const whole = stream.next()) {
    auto const decoded = smpp::decode(*whole);
    if (!decoded) continue;
    auto const by_actor = (at == place::actor) != arrived;  // who speaks
    auto const& body = decoded->body;
    if (auto const* submit = std::get_if<smpp::submit_sm>(&body); submit != nullptr && by_actor)
      submitted(on, at, decoded->sequence_number, *submit);
    if (std::holds_alternative<smpp::submit_sm_resp>(body) && !by_actor) submission_answered(on, at, *decoded);
    if (auto const* deliver = std::get_if<smpp::deliver_sm>(&body); deliver != nullptr && !by_actor)
      delivered(on, at, decoded->sequence_number, *deliver, now);
    if (std::holds_alternative<smpp::deliver_sm_resp>(body) && by_actor) delivery_answered(on, at, *decoded, now);
    if (auto const* bind = std::get_if<smpp::bind_transceiver>(&body)) on.system_id = bind->system_id;
    if (auto const* bind = std::get_if<smpp::bind_receiver>(&body)) on.system_id = bind->system_id;
    if (auto const* bind = std::get_if<smpp::bind_transmitter>(&body)) on.system_id = bind->system_id;
  }
}

void auditor::on_power_cut(moment) {
  ++power_cuts_;
  answered_.clear();
  committing_.clear();
}

void auditor::on_commit_begun(moment) {
  committing_.insert(committing_.end(), answered_.begin(), answered_.end());
  answered_.clear();
}

void auditor::on_commit(bool succeeded, moment) {
  if (!succeeded) ++failed_commits_;
  for (auto const& each : std::exchange(committing_, {})) {
    if (!succeeded) continue;
    if (each.good) {
      done(each.what);
    } else if (each.what.receipt == no_id) {
      ++each.what.of->failures;
      each.what.of->last_failure = each.at;
    }
  }
}

void auditor::end_of_link(std::uint64_t link) { links_.erase(link); }

// -- submissions ---------------------------------------------------------------------------------------------------

void auditor::submitted(wire& on, place at, std::uint32_t sequence, smpp::submit_sm const& what) {
  auto const text = text_of(what.short_message);
  auto& s = stories_[key_of(text)];
  if (s.submissions == 0) {
    s.text = text;
    s.sender = on.system_id;
    s.source = what.source_addr;
    s.destination = what.destination_addr;
    s.data_coding = what.data_coding;
    s.wants_receipt = (what.registered_delivery & smpp::registered::receipt_mask) == 1;
    if (!known_.retry_delays.empty()) {
      auto& to = receivers_[s.destination];
      to.shared |= to.first != nullptr && to.first != &s;
      to.first = &s;
    }
  }
  if (at == place::actor) ++s.submissions;
  if (at == place::system || known_.actors_only) ++s.reached;
  if (at == place::actor) on.submissions[sequence] = {&s, on.answered_ever};
}

void auditor::submission_answered(wire& on, place at, smpp::pdu const& response) {
  auto const found = on.submissions.find(response.sequence_number);
  if (found == on.submissions.end()) return;
  auto& s = *found->second.of;
  auto const good = response.command_status == smpp::ESME_ROK;
  if (!good && (at == place::system || known_.actors_only)) ++s.refused;
  if (at != place::actor) return;
  if (good) {
    ++s.acknowledged;
    auto const& id = std::get<smpp::submit_sm_resp>(response.body).message_id;
    if (!owners_of_ids_.emplace(id, &s).second) say(8, s.text, "got the id " + id + ", which was given before");
    auto told = std::ranges::find(s.ids, id, &told_id::id);
    if (told == s.ids.end()) told = s.ids.insert(told, {.id = id});
    told->acknowledged = true;
    for (auto known_done = on.answered_ever - on.answered.size(); known_done < found->second.behind; ++known_done) {
      done(on.answered.front());
      on.answered.pop_front();
    }
  }
  on.submissions.erase(found);
}

// -- deliveries ----------------------------------------------------------------------------------------------------

void auditor::delivered(wire& on, place at, std::uint32_t sequence, smpp::deliver_sm const& what, moment now) {
  auto const is_receipt = (what.esm_class & smpp::esm::type_mask) == smpp::esm::type_delivery_receipt;
  auto& d = on.deliveries[sequence];
  if (at == place::system) {
    d.sent = now.at;
    if (!is_receipt) check_time(what, now);
    return;
  }
  if (known_.actors_only) d.sent = now.at;
  is_receipt ? receipt_arrived(on, what, d) : message_arrived(on, what, d);
}

void auditor::message_arrived(wire const& on, smpp::deliver_sm const& what, delivery& d) {
  std::string const text(text_of(what.short_message));
  auto const found = stories_.find(key_of(text));
  if (found == stories_.end()) return say(3, text, "was delivered and nobody submitted it");
  auto& s = found->second;
  d.of = &s;
  s.deliveries.arrives(d.sent);
  if (text != s.text) say(6, s.text, "was delivered as \"" + text + "\"");
  if (what.source_addr != s.source || what.destination_addr != s.destination || what.data_coding != s.data_coding)
    say(6, s.text,
        "from " + s.source + " to " + s.destination + " in data_coding " + std::to_string(s.data_coding) +
            " was delivered as from " + what.source_addr + " to " + what.destination_addr + " in data_coding " +
            std::to_string(what.data_coding));
  auto const owner =
      std::ranges::find_if(known_.owners, [&](auto const& each) { return s.destination.starts_with(each.digits); });
  if (!known_.owners.empty() && (owner == known_.owners.end() || owner->system_id != on.system_id))
    say(6, s.text, "for " + s.destination + " was delivered to " + on.system_id);
}

void auditor::receipt_arrived(wire const& on, smpp::deliver_sm const& what, delivery& d) {
  auto const words = text_of(what.short_message);
  auto const id = part_of_receipt(words, "id:"), state = part_of_receipt(words, " stat:"),
             error = part_of_receipt(words, " err:"), quoted = part_of_receipt(words, " text:");
  auto const found = stories_.find(quoted);
  if (found == stories_.end()) return say(5, quoted, "is quoted by the receipt of id " + id + "; nobody submitted it");
  auto& s = found->second;
  auto told = std::ranges::find(s.ids, id, &told_id::id);
  if (told == s.ids.end()) told = s.ids.insert(told, {.id = id});
  told->receipts.arrives(d.sent);
  d.of = &s;
  d.receipt = static_cast<std::size_t>(told - s.ids.begin());
  auto const truth = state == "DELIVRD"   ? s.accepted > 0 && error == "000"
                     : state == "UNDELIV" ? s.given_up > 0 && error != "000"
                                          : false;
  if (!truth)
    say(5, s.text,
        "has a receipt with stat:" + state + " err:" + error + "; accepted " + std::to_string(s.accepted) +
            " times, refused for good " + std::to_string(s.given_up) + " times");
  if (what.source_addr != s.destination || what.destination_addr != s.source)
    say(5, s.text, "has a receipt from " + what.source_addr + " to " + what.destination_addr);
  if (on.system_id != s.sender) say(5, s.text, "of " + s.sender + " has a receipt that went to " + on.system_id);
}

void auditor::delivery_answered(wire& on, place at, smpp::pdu const& response, moment now) {
  auto const found = on.deliveries.find(response.sequence_number);
  if (found == on.deliveries.end() || found->second.of == nullptr) return;
  auto const d = found->second;
  auto const status = response.command_status;
  auto const good = status == smpp::ESME_ROK;
  if (at == place::actor && d.receipt == no_id) {
    if (good) ++d.of->accepted;
    if (!good && !temporary(status)) ++d.of->given_up;
  }
  if (at == place::actor && !known_.actors_only) return;
  on.deliveries.erase(found);
  if (known_.actors_only) {
    if (!good) return;
    on.answered.push_back(d);
    ++on.answered_ever;
  } else if (now.at - d.sent < known_.response_timeout && (good || temporary(status))) {
    answered_.push_back({d, good, now.at});
  }
}

void auditor::check_time(smpp::deliver_sm const& what, moment now) {
  if (known_.retry_delays.empty()) return;
  auto const found = stories_.find(key_of(text_of(what.short_message)));
  if (found == stories_.end()) return;
  auto const& s = found->second;
  if (s.failures == 0 || s.reached != 1 || receivers_[s.destination].shared) return;
  auto const delay = known_.retry_delays[std::min<std::size_t>(s.failures, known_.retry_delays.size()) - 1];
  if (now.at - s.last_failure < delay)
    say(7, s.text,
        "was tried again " + to_text(now.at - s.last_failure) + " after failure " + std::to_string(s.failures) +
            ", not after " + to_text(delay));
}

void auditor::done(delivery const& what) {
  (what.receipt == no_id ? what.of->deliveries : what.of->ids[what.receipt].receipts).done(what.sent);
}

void auditor::tries::arrives(instant sent) {
  ++arrived;
  ++not_done;
  if (arrived > 1 && sent < last) return;
  last = sent;
  last_not_done = true;
}

void auditor::tries::done(instant sent) {
  --not_done;
  if (sent == last) last_not_done = false;
}

// -- the verdict ---------------------------------------------------------------------------------------------------

void auditor::say(int rule, std::string const& text, std::string const& what) {
  if (found_.size() < most_found) found_.push_back(in_words(rule, text, what));
}

std::vector<std::string> auditor::broken_rules() const {
  auto broken = found_;
  for (auto const& [key, s] : stories_) {
    auto const tell = [&](int rule, std::string const& what) { broken.push_back(in_words(rule, s.text, what)); };
    auto const times = [](std::uint32_t n) { return std::to_string(n) + " times"; };
    if (s.acknowledged > 0 && s.accepted + s.given_up == 0) tell(1, "was acknowledged and not delivered");
    if (s.refused == s.reached && s.deliveries.arrived > 0) tell(2, "was refused and delivered");
    if (s.deliveries.arrived > s.reached - s.refused + s.deliveries.causes())
      tell(3, "was delivered " + times(s.deliveries.arrived) + "; taken " + times(s.reached - s.refused) +
                  ", not done before the last " + times(s.deliveries.causes()));
    std::uint32_t untold = 0;
    for (auto const& [id, receipts, acknowledged] : s.ids) {
      if (acknowledged && s.wants_receipt && receipts.arrived == 0) tell(4, "has no receipt for id " + id);
      if (receipts.arrived > 1 + receipts.causes())
        tell(4, "has " + std::to_string(receipts.arrived) + " receipts for id " + id + ", not done before the last " +
                    times(receipts.causes()));
      if (acknowledged) continue;
      ++untold;
      if (auto const other = owners_of_ids_.find(id); other != owners_of_ids_.end())
        tell(5, "has a receipt with id " + id + ", which is that of \"" + other->second->text + "\"");
    }
    if (untold > s.reached - s.refused - s.acknowledged)
      tell(4, "has receipts for " + std::to_string(untold) + " ids that nobody was told, unanswered were " +
                  times(s.reached - s.refused - s.acknowledged));
    if (!s.wants_receipt && !s.ids.empty() &&
        std::ranges::any_of(s.ids, [](auto const& each) { return each.receipts.arrived > 0; }))
      tell(4, "has a receipt and asked for none");
  }
  std::ranges::sort(broken);
  return broken;
}

bool auditor::settled() const {
  return std::ranges::all_of(stories_, [](auto const& each) {
    auto const& s = each.second;
    if (s.acknowledged == 0) return true;
    auto const receipted = [&](told_id const& id) {
      return !s.wants_receipt || !id.acknowledged || id.receipts.arrived > 0;
    };
    return s.accepted + s.given_up > 0 && std::ranges::all_of(s.ids, receipted);
  });
}

auditor::tally auditor::count() const {
  tally t{.power_cuts = power_cuts_, .failed_commits = failed_commits_};
  for (auto const& [key, s] : stories_) {
    t.submissions += s.submissions;
    t.acknowledged += s.acknowledged;
    t.refused += s.refused;
    t.deliveries += s.deliveries.arrived;
    t.not_done += s.deliveries.not_done;
    for (auto const& each : s.ids) {
      t.receipts += each.receipts.arrived;
      t.not_done += each.receipts.not_done;
    }
  }
  return t;
}

}  // namespace signalbox::simulators

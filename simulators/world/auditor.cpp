#include "simulators/world/auditor.hpp"

#include "engine/smpp/codec.hpp"

namespace signalbox::simulators {

void auditor::on_sent(std::uint64_t link, place at, octet_view data, moment now) { feed(link, at, false, data, now); }
void auditor::on_arrived(std::uint64_t link, place at, octet_view data, moment now) { feed(link, at, true, data, now); }

void auditor::feed(std::uint64_t link, place at, bool arrived, octet_view data, moment now) {
  auto& stream = streams_[{link, (at == place::actor ? 0 : 1) + (arrived ? 2 : 0)}];
  stream.feed(data);
  while (auto const whole = stream.next()) take(link, at, arrived, *whole, now);
}

void auditor::take(std::uint64_t link, place at, bool arrived, octet_view whole, moment now) {
  auto const decoded = smpp::decode(whole);
  if (!decoded) return;
  request const which{link, decoded->sequence_number};
  if (auto const* submit = std::get_if<smpp::submit_sm>(&decoded->body)) {
    std::string const text(text_of(submit->short_message));
    auto& s = stories_[text];
    ++(at == place::actor ? s.submissions : s.reached);
    s.wants_receipt = (submit->registered_delivery & smpp::registered::receipt_mask) != 0;
    submissions_[which] = text;
  }
  if (auto const* response = std::get_if<smpp::submit_sm_resp>(&decoded->body)) {
    auto const found = submissions_.find(which);
    if (found == submissions_.end()) return;
    auto& s = stories_[found->second];
    auto const good = decoded->command_status == smpp::ESME_ROK;
    if (!good && at == place::system) ++s.refused;
    if (good && at == place::actor) {
      ++s.acknowledged;
      s.ids.push_back(response->message_id);
    }
  }
  if (auto const* deliver = std::get_if<smpp::deliver_sm>(&decoded->body)) {
    auto& d = deliveries_[which];
    std::string const text(text_of(deliver->short_message));
    if ((deliver->esm_class & smpp::esm::type_mask) == smpp::esm::type_delivery_receipt)
      d.receipt_of = text.substr(3, text.find(' ') - 3);  // "id:4711 sub:001 ..."
    else
      d.text = text;
    if (at == place::system) d.sent = now.at;
    if (at == place::actor) d.arrived = true;
  }
  if (std::holds_alternative<smpp::deliver_sm_resp>(decoded->body) && at == place::system && arrived) {
    auto const found = deliveries_.find(which);
    if (found == deliveries_.end()) return;
    auto& d = found->second;
    auto const good = decoded->command_status == smpp::ESME_ROK && now.at - d.sent < response_timeout_;
    if (good && d.at == stage::open) d.at = stage::answered;
  }
}

void auditor::move(stage from, stage to) {
  for (auto& [which, d] : deliveries_)
    if (d.at == from) d.at = to;
}

void auditor::on_power_cut(moment) {
  ++power_cuts_;
  move(stage::answered, stage::open);
  move(stage::committing, stage::open);
}

void auditor::on_commit_begun(moment) { move(stage::answered, stage::committing); }

void auditor::on_commit(bool succeeded, moment) {
  if (!succeeded) ++failed_commits_;
  move(stage::committing, succeeded ? stage::done : stage::open);
}

std::map<std::string, auditor::sums> auditor::sums_by(std::string delivery::* name) const {
  std::map<std::string, sums> all;
  for (auto const& [which, d] : deliveries_) {
    if ((d.*name).empty() || !d.arrived) continue;
    auto& s = all[d.*name];
    ++s.arrived;
    if (d.at != stage::done) ++s.not_done;
  }
  return all;
}

std::vector<std::string> auditor::broken_rules() const {
  std::vector<std::string> broken;
  auto const say = [&](int rule, std::string const& text, std::string const& what) {
    broken.push_back("rule " + std::to_string(rule) + ": \"" + text + "\" " + what);
  };
  auto const delivered = sums_by(&delivery::text), receipted = sums_by(&delivery::receipt_of);
  auto const of = [](auto const& all, std::string const& name) {
    auto const found = all.find(name);
    return found == all.end() ? sums{} : found->second;
  };
  for (auto const& [text, s] : stories_) {
    auto const d = of(delivered, text);
    if (s.acknowledged > 0 && d.arrived == 0) say(1, text, "was acknowledged and not delivered");
    if (s.refused == s.reached && d.arrived > 0) say(2, text, "was refused and delivered");
    if (d.arrived > s.reached - s.refused + d.not_done)
      say(3, text,
          "was delivered " + std::to_string(d.arrived) + " times; taken " + std::to_string(s.reached - s.refused) +
              " times, not done " + std::to_string(d.not_done) + " times");
    if (!s.wants_receipt) continue;
    for (auto const& id : s.ids) {
      auto const r = of(receipted, id);
      if (r.arrived == 0) say(4, text, "has no receipt for id " + id);
      if (r.arrived > d.arrived + r.not_done) say(4, text, "has too many receipts for id " + id);
    }
  }
  for (auto const& [text, d] : delivered)
    if (!stories_.contains(text)) say(3, text, "was delivered and nobody submitted it");
  return broken;
}

bool auditor::settled() const {
  auto const delivered = sums_by(&delivery::text), receipted = sums_by(&delivery::receipt_of);
  for (auto const& [text, s] : stories_) {
    if (s.acknowledged > 0 && !delivered.contains(text)) return false;
    for (auto const& id : s.ids)
      if (s.wants_receipt && !receipted.contains(id)) return false;
  }
  return true;
}

auditor::tally auditor::count() const {
  tally t{.power_cuts = power_cuts_, .failed_commits = failed_commits_};
  for (auto const& [text, s] : stories_) {
    t.submissions += s.submissions;
    t.acknowledged += s.acknowledged;
    t.refused += s.refused;
  }
  for (auto const& [which, d] : deliveries_) {
    if (!d.arrived) continue;
    ++(d.receipt_of.empty() ? t.deliveries : t.receipts);
    if (d.at != stage::done) ++t.not_done;
  }
  return t;
}

}  // namespace signalbox::simulators

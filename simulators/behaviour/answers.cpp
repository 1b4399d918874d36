#include "simulators/behaviour/answers.hpp"

#include "engine/core/setting_rows.hpp"
#include "engine/smpp/types.hpp"

namespace signalbox::simulators {

namespace {

constexpr std::string_view silence = "silence";

result<std::optional<std::uint32_t>> status_or_silence(std::string_view text) {
  if (text == silence) return std::nullopt;
  if (auto const code = find_code(smpp::statuses, text)) return *code;
  if (auto const number = core::parse_number<std::uint64_t>(text, 0, UINT32_MAX))
    return static_cast<std::uint32_t>(*number);
  return failed(errc::bad_value, 0, "status", "a name such as ESME_RTHROTTLED, a number, or silence");
}

std::string to_text(std::optional<std::uint32_t> status) {
  if (!status) return std::string(silence);
  auto const name = find_name(smpp::statuses, *status);
  return name.empty() ? std::to_string(*status) : std::string(name);
}

std::size_t place(std::string_view whole, std::string_view part) {
  return static_cast<std::size_t>(part.data() - whole.data());
}

}  // namespace

duration delay_law::draw(entropy& chance) const {
  if (to <= from) return from;
  return duration(static_cast<duration::rep>(
      chance.between(static_cast<std::uint64_t>(from.count()), static_cast<std::uint64_t>(to.count()))));
}

result<delay_law> delay_law::parse(std::string_view text) {
  auto const dots = text.find("..");
  auto const from = core::parse_duration(text.substr(0, dots));
  if (!from) return std::unexpected(from.error());
  if (dots == text.npos) return delay_law{*from, *from};
  auto const to = core::parse_duration(text.substr(dots + 2));
  if (!to) return failed(to.error().code, to.error().offset + dots + 2, "delay", to.error().detail);
  if (*to < *from)
    return failed(errc::bad_value, dots + 2, "delay", "a second time that is not shorter than the first");
  return delay_law{*from, *to};
}

std::string delay_law::text() const {
  auto words = signalbox::to_text(from);
  if (to > from) words += ".." + signalbox::to_text(to);
  return words;
}

result<status_mix> status_mix::parse(std::string_view text) {
  status_mix mix;
  std::uint64_t sum = 0;
  for (auto const part : core::split_list(text)) {
    auto const sign = part.find('%');
    if (sign == part.npos)
      return failed(errc::bad_syntax, place(text, part), "mix", "shares such as 10%ESME_RTHROTTLED");
    auto const percent = core::parse_number<std::uint64_t>(part.substr(0, sign), 0, 100);
    if (!percent) return failed(percent.error().code, place(text, part), "mix", "a share from 0 to 100 before %");
    auto const status = status_or_silence(part.substr(sign + 1));
    if (!status) return failed(status.error().code, place(text, part) + sign + 1, "mix", status.error().detail);
    sum += *percent;
    if (sum > 100) return failed(errc::bad_value, place(text, part), "mix", "shares of at most 100 % together");
    mix.shares.push_back({static_cast<unsigned>(*percent), *status});
  }
  return mix;
}

std::string status_mix::text() const {
  std::string words;
  for (auto const& s : shares) {
    if (!words.empty()) words += ',';
    words += std::to_string(s.percent) + '%' + to_text(s.status);
  }
  return words;
}

bool matches(std::string_view pattern, std::string_view text) {
  // Iterative: on a mismatch the last `*` takes one character more, so the time is bounded by the product of lengths.
  std::size_t p = 0, t = 0, star = pattern.npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

result<number_outcomes> number_outcomes::parse(std::string_view text) {
  number_outcomes all;
  for (auto const part : core::split_list(text)) {
    auto const colon = part.find(':');
    if (colon == part.npos || colon == 0)
      return failed(errc::bad_syntax, place(text, part), "outcomes", "outcomes such as 4477*:ESME_RX_T_APPN");
    auto const status = status_or_silence(part.substr(colon + 1));
    if (!status) return failed(status.error().code, place(text, part) + colon + 1, "outcomes", status.error().detail);
    all.rules.push_back({std::string(part.substr(0, colon)), *status});
  }
  return all;
}

std::string number_outcomes::text() const {
  std::string words;
  for (auto const& r : rules) {
    if (!words.empty()) words += ',';
    words += r.pattern + ':' + to_text(r.status);
  }
  return words;
}

result<answer_status> answer_status::parse(std::string_view text) {
  auto const status = status_or_silence(text);
  if (!status) return std::unexpected(status.error());
  return answer_status{*status};
}

std::string answer_status::text() const { return to_text(status); }

std::optional<std::uint32_t> answer_profile::status_for(std::string_view destination, entropy& chance) const {
  for (auto const& r : outcomes.rules)
    if (matches(r.pattern, destination)) return r.status;
  if (!mix.shares.empty()) {
    auto draw = chance.below(100);
    for (auto const& s : mix.shares) {
      if (draw < s.percent) return s.status;
      draw -= s.percent;
    }
  }
  return normal.status;
}

}  // namespace signalbox::simulators

#include "engine/sms/directory.hpp"

#include <re2/re2.h>

namespace signalbox::sms {

namespace {

constexpr std::int64_t pattern_memory = 1 << 20;

re2::RE2::Options quiet() {
  re2::RE2::Options options{re2::RE2::Quiet};
  options.set_max_mem(pattern_memory);
  return options;
}

std::unique_ptr<re2::RE2> compile(std::string const& pattern) {
  if (pattern.empty() || pattern == ".*" || pattern == "^.*$") return nullptr;
  return std::make_unique<re2::RE2>(pattern, quiet());
}

bool whole(re2::RE2 const* pattern, std::string_view text) {
  return pattern == nullptr || re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

bool same_or_unchecked(int wanted, std::uint8_t value) { return wanted < 0 || wanted == value; }

}  // namespace

result<void> check_pattern(std::string_view pattern) {
  re2::RE2 const compiled{re2::StringPiece(pattern.data(), pattern.size()), quiet()};
  if (!compiled.ok()) return failed(errc::bad_syntax, 0, "pattern", compiled.error());
  return {};
}

directory::directory(std::vector<esme> esmes) : esmes_(std::move(esmes)) {
  for (esme_index i = 0; i < esmes_.size(); ++i) {
    sources_.push_back(compile(esmes_[i].source_range));
    routes_.push_back(compile(esmes_[i].routing_range));
    by_name_.emplace(esmes_[i].name, i);
  }
}
directory::~directory() = default;
directory::directory(directory&&) noexcept = default;
directory& directory::operator=(directory&&) noexcept = default;

std::expected<esme_index, bind_refusal> directory::admit(bind_attempt const& attempt,
                                                         std::span<std::uint32_t const> in_use) const {
  std::optional<esme_index> found;
  bool busy = false;
  for (esme_index i = 0; i < esmes_.size() && !found; ++i) {
    auto const& e = esmes_[i];
    if (e.login() != attempt.system_id || (e.bind & attempt.kind) == 0) continue;
    if (!e.host.empty() && e.host != attempt.host) continue;
    auto const free = in_use[i] < e.sessions;
    // An entry for any host counts only while it has a session free; one for this very host says that it is taken.
    if (free)
      found = i;
    else if (!e.host.empty())
      busy = true;
  }
  if (!found) return std::unexpected(busy ? bind_refusal::already_bound : bind_refusal::no_such_esme);
  auto const& e = esmes_[*found];
  if (!e.password.empty() && e.password != attempt.password) return std::unexpected(bind_refusal::wrong_password);
  if (!same_or_unchecked(e.ton, attempt.ton) || !same_or_unchecked(e.npi, attempt.npi))
    return std::unexpected(bind_refusal::wrong_address);
  if (!e.address_range.empty() && !attempt.address_range.empty() && e.address_range != attempt.address_range)
    return std::unexpected(bind_refusal::wrong_address);
  return *found;
}

bool directory::may_send_from(esme_index sender, address const& source) const {
  auto const& e = esmes_[sender];
  return same_or_unchecked(e.source_ton, source.ton) && same_or_unchecked(e.source_npi, source.npi) &&
         whole(sources_[sender].get(), source.digits);
}

bool directory::matches(esme_index candidate, address const& destination, network_id network) const {
  auto const& e = esmes_[candidate];
  return e.network == network && (e.bind & (binds_receiver | binds_transceiver)) != 0 &&
         same_or_unchecked(e.routing_ton, destination.ton) && same_or_unchecked(e.routing_npi, destination.npi) &&
         whole(routes_[candidate].get(), destination.digits);
}

std::optional<esme_index> directory::route(address const& destination, network_id network, std::string_view sender,
                                           std::string_view preferred) const {
  if (!preferred.empty())
    if (auto const p = find(preferred); p && matches(*p, destination, network)) return p;
  for (esme_index i = 0; i < esmes_.size(); ++i)
    if (esmes_[i].name != sender && matches(i, destination, network)) return i;
  return std::nullopt;
}

std::optional<esme_index> directory::find(std::string_view name) const {
  auto const at = by_name_.find(std::string(name));
  return at == by_name_.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace signalbox::sms

#include "engine/storage/memory_store.hpp"

#include "engine/storage/limits.hpp"

namespace signalbox::storage {

result<void> memory_store::commit(std::span<operation const> operations) {
  if (auto fits = check_limits(operations); !fits) return fits;
  if (chance_ != nullptr && chance_->percent(plan_.fail_percent)) {
    ++count_.faults;
    return failed(errc::io, 0, "memory store", "the fault plan lets this commit fail");
  }
  apply(operations);
  ++count_.commits;
  count_.operations += operations.size();
  return {};
}

result<void> memory_store::keys(std::function<void(key)> const& visit) {
  for (auto const& [where, value] : records_) visit(where);
  return {};
}

void memory_store::read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) {
  for (auto const where : wanted) {
    auto const found = records_.find(where);
    if (found != records_.end())
      visit(where, octet_view{found->second});
    else
      visit(where, failed(errc::not_found, 0, "memory store", to_text(where) + " is not there"));
  }
}

result<void> memory_store::finish() {
  if (in_flight_.empty()) return failed(errc::not_found, 0, "memory store", "no commit is in flight");
  auto const operations = std::move(in_flight_.front());
  in_flight_.pop_front();
  return commit(operations);
}

void memory_store::crash() {
  ++count_.power_cuts;
  for (; !in_flight_.empty(); in_flight_.pop_front()) {
    if (chance_ == nullptr || !chance_->percent(plan_.survive_percent)) break;
    if (!check_limits(in_flight_.front())) continue;  // would have been refused, not written
    apply(in_flight_.front());
    ++count_.survived;
  }
  count_.lost += in_flight_.size();
  in_flight_.clear();
}

void memory_store::apply(std::span<operation const> operations) {
  for (auto const& each : operations) {
    if (each.what == operation::verb::put)
      records_.insert_or_assign(each.where, each.value);
    else
      records_.erase(each.where);
  }
}

}  // namespace signalbox::storage

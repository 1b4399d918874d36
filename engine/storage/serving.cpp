#include "engine/storage/serving.hpp"

#include <algorithm>
#include <iterator>

namespace signalbox::storage {

namespace {

bool only_erases(request const& r) {
  return std::ranges::all_of(r.operations, [](auto const& o) { return o.what == operation::verb::erase; });
}

result<void> commit(message_store& store, std::span<operation const> operations) {
  return operations.empty() ? result<void>{} : store.commit(operations);
}

}  // namespace

std::vector<std::pair<key, result<octets>>> read_all(message_store& store, std::span<key const> wanted) {
  std::vector<std::pair<key, result<octets>>> values;
  values.reserve(wanted.size());
  store.read(wanted, [&values](key where, result<octet_view> value) {
    values.emplace_back(where,
                        value ? result<octets>(octets(value->begin(), value->end())) : std::unexpected(value.error()));
  });
  return values;
}

std::vector<std::pair<std::uint64_t, answer>> serve(message_store& store, std::span<request> all) {
  result<void> outcome, of_erases;
  if (all.size() == 1) {
    outcome = of_erases = commit(store, all.front().operations);
  } else {
    std::vector<operation> operations;
    for (auto& r : all) std::ranges::move(r.operations, std::back_inserter(operations));
    outcome = of_erases = commit(store, operations);
    if (!outcome && std::ranges::any_of(all, only_erases)) {
      operations.clear();  // an erase has nothing that could have been moved from it
      for (auto const& r : all)
        if (only_erases(r)) std::ranges::copy(r.operations, std::back_inserter(operations));
      of_erases = commit(store, operations);
    }
  }
  std::vector<std::pair<std::uint64_t, answer>> answers;
  answers.reserve(all.size());
  for (auto const& r : all)
    answers.emplace_back(r.number, answer{only_erases(r) ? of_erases : outcome, read_all(store, r.reads)});
  return answers;
}

}  // namespace signalbox::storage

#include "engine/base/deadlines.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "engine/base/entropy.hpp"

namespace signalbox {
namespace {

TEST(deadlines, equal_times_come_out_in_the_order_they_were_set) {
  deadlines<int, char> d;
  d.add(5, 'b');
  d.add(3, 'a');
  d.add(5, 'c');
  EXPECT_EQ(d.next(), 3);
  EXPECT_EQ(d.pop(2), std::nullopt);
  std::string order;
  while (auto const c = d.pop(5)) order += *c;
  EXPECT_EQ(order, "abc");
}

// Against a map that is searched naively.
RC_GTEST_PROP(deadlines, behaves_like_a_sorted_list, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  deadlines<std::uint64_t, int> d;
  std::map<std::pair<std::uint64_t, int>, deadlines<std::uint64_t, int>::handle>
      model;  // the id grows, so it is the order
  for (int id = 0; id < 300; ++id) {
    switch (chance.below(4)) {
      case 0:
      case 1: {
        auto const when = chance.below(50);
        model[{when, id}] = d.add(when, id);
        break;
      }
      case 2:
        if (!model.empty()) {
          auto const victim = std::next(model.begin(), static_cast<std::ptrdiff_t>(chance.below(model.size())));
          d.cancel(victim->second);
          model.erase(victim);
        }
        break;
      default: {
        auto const now = chance.below(50);
        auto const popped = d.pop(now);
        if (!model.empty() && model.begin()->first.first <= now) {
          RC_ASSERT(popped == model.begin()->first.second);
          model.erase(model.begin());
        } else {
          RC_ASSERT(!popped);
        }
      }
    }
    RC_ASSERT(d.size() == model.size());
    RC_ASSERT(d.next() == (model.empty() ? std::nullopt : std::optional(model.begin()->first.first)));
  }
}

}  // namespace
}  // namespace signalbox

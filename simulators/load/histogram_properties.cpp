// The histogram against a sorted list of what was recorded.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "simulators/load/hdr_log.hpp"

namespace signalbox::load {
namespace {

// Durations of every magnitude.
rc::Gen<std::vector<std::int64_t>> values() {
  return rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(rc::gen::mapcat(
      rc::gen::inRange(0, 31), [](int bits) { return rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << bits); })));
}

histogram of_all(std::vector<std::int64_t> const& all) {
  histogram h;
  for (auto const v : all) h.record(duration(v));
  return h;
}

RC_GTEST_PROP(histogram, percentiles_are_within_a_thousandth, ()) {
  auto all = *values();
  auto const thousandths = *rc::gen::inRange<std::size_t>(0, 100'001);
  auto const h = of_all(all);
  std::ranges::sort(all);
  auto const rank = std::max<std::size_t>(1, (thousandths * all.size() + 99'999) / 100'000);
  auto const truth = all[rank - 1];
  auto const found = h.percentile(static_cast<double>(thousandths) / 1000).count();
  RC_ASSERT(found >= truth);
  RC_ASSERT(found - truth <= truth / 1000);
}

RC_GTEST_PROP(histogram, merging_is_recording_all, ()) {
  auto const a = *values(), b = *values();
  auto both = a;
  both.insert(both.end(), b.begin(), b.end());
  auto merged = of_all(a);
  merged.merge(of_all(b));
  RC_ASSERT(merged == of_all(both));
  RC_ASSERT(merged.count() == both.size());
}

RC_GTEST_PROP(histogram, buckets_touch_and_hold_their_values, ()) {
  auto const value = *rc::gen::inRange<std::int64_t>(0, histogram::largest + 1);
  auto const index = histogram::index_of(value);
  RC_ASSERT(histogram::lowest_at(index) <= value);
  RC_ASSERT(value <= histogram::highest_at(index));
  RC_ASSERT(histogram::lowest_at(index + 1) == histogram::highest_at(index) + 1);
}

RC_GTEST_PROP(hdr_log, comes_back_as_it_was, ()) {
  auto h = of_all(*values());
  h.record(duration(*rc::gen::inRange<std::int64_t>(0, 100'000)),
           *rc::gen::inRange<std::uint64_t>(1, std::uint64_t{1} << 50));
  auto const plain = decode_v2(encode_v2(h));
  RC_ASSERT(plain.has_value());
  RC_ASSERT(*plain == h);
  auto const text = from_base64(base64(encode_compressed(h)));
  RC_ASSERT(text.has_value());
  auto const back = decode_compressed(*text);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == h);
  RC_ASSERT(histogram::of(h.compact()) == h);
}

RC_GTEST_PROP(hdr_log, cut_or_flipped_input_is_a_fault_or_another_histogram, ()) {
  auto data = encode_v2(of_all(*values()));
  auto const size = *rc::gen::inRange<std::size_t>(0, data.size());
  RC_ASSERT(!decode_v2(octet_view(data).first(size)).has_value());
  data[*rc::gen::inRange<std::size_t>(0, data.size())] ^= static_cast<std::uint8_t>(1 << *rc::gen::inRange(0, 8));
  (void)decode_v2(data);  // whatever it says, it says it
}

}  // namespace
}  // namespace signalbox::load

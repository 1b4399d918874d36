// What every message store promises, run over each of them.
#include "engine/storage/message_store.hpp"

#include <gmock/gmock.h>

#include "engine/storage/limits.hpp"
#include "engine/storage/log/log_store.hpp"
#include "engine/storage/memory_store.hpp"
#include "engine/storage/sqlite_store.hpp"
#include "engine/storage/test_support.hpp"

namespace signalbox::storage {
namespace {

std::unique_ptr<message_store> in_memory(temporary_directory const&) { return std::make_unique<memory_store>(); }
std::unique_ptr<message_store> in_sqlite(temporary_directory const& where) {
  return std::move(sqlite_store::open(where.file("messages.db")).value());
}
std::unique_ptr<message_store> in_sqlite_memory(temporary_directory const&) {
  return std::move(sqlite_store::open(":memory:").value());
}

std::unique_ptr<message_store> in_log(temporary_directory const& where) {
  return std::move(log::log_store::open(where.file("messages")).value());
}

struct kind_of_store {
  char const* name;
  std::unique_ptr<message_store> (*make)(temporary_directory const&);
};

class any_store : public testing::TestWithParam<kind_of_store> {
 protected:
  void commit(std::vector<operation> const& operations) {
    auto const done = store_->commit(operations);
    ASSERT_TRUE(done.has_value()) << describe(done.error());
  }
  contents held() { return contents_of(*store_).value(); }

  temporary_directory where_;
  std::unique_ptr<message_store> store_ = GetParam().make(where_);
};

INSTANTIATE_TEST_SUITE_P(stores, any_store,
                         testing::Values(kind_of_store{"memory", in_memory}, kind_of_store{"sqlite", in_sqlite},
                                         kind_of_store{"sqlite_memory", in_sqlite_memory},
                                         kind_of_store{"log", in_log}),
                         [](auto const& store) { return store.param.name; });

constexpr auto put = operation::put;
constexpr auto erase = operation::erase;
octets const a{1, 2, 3}, b{4, 5}, nothing{};

TEST_P(any_store, final_states) {
  struct {
    char const* name;
    std::vector<std::vector<operation>> commits;
    contents expected;
  } const cases[] = {
      {"a new store is empty", {}, {}},
      {"an empty commit", {{}}, {}},
      {"put", {{put({1, 7}, a)}}, {{{1, 7}, a}}},
      {"a value of no octets", {{put({1, 7}, nothing)}}, {{{1, 7}, nothing}}},
      {"put replaces", {{put({1, 7}, a)}, {put({1, 7}, b)}}, {{{1, 7}, b}}},
      {"erase", {{put({1, 7}, a), put({1, 8}, b)}, {erase({1, 7})}}, {{{1, 8}, b}}},
      {"erase what is not there", {{erase({1, 7}), put({1, 8}, b)}}, {{{1, 8}, b}}},
      {"put, put in one commit", {{put({1, 7}, a), put({1, 7}, b)}}, {{{1, 7}, b}}},
      {"put, erase in one commit", {{put({1, 7}, a), erase({1, 7})}}, {}},
      {"put, erase over an older record", {{put({1, 7}, a)}, {put({1, 7}, b), erase({1, 7})}}, {}},
      {"erase, put in one commit", {{put({1, 7}, a)}, {erase({1, 7}), put({1, 7}, b)}}, {{{1, 7}, b}}},
      {"interleaved keys", {{put({1, 9}, a), put({1, 8}, a), erase({1, 9}), put({1, 8}, b)}}, {{{1, 8}, b}}},
      {"kinds are apart", {{put({1, 7}, a), put({2, 7}, b)}, {erase({1, 7})}}, {{{2, 7}, b}}},
      {"ends of the key space", {{put({255, max_id}, a), put({0, 0}, b)}}, {{{0, 0}, b}, {{255, max_id}, a}}},
  };
  for (auto const& each : cases) {
    SCOPED_TRACE(each.name);
    temporary_directory const where;
    auto const store = GetParam().make(where);
    for (auto const& operations : each.commits) {
      auto const done = store->commit(operations);
      ASSERT_TRUE(done.has_value()) << describe(done.error());
    }
    EXPECT_EQ(contents_of(*store).value(), each.expected);
  }
}

TEST_P(any_store, loads_in_the_order_of_keys) {
  commit({put({2, 1}, a), put({1, 300}, a), put({1, max_id}, a), put({0, 5}, a), put({1, 2}, a), put({200, 0}, a)});
  std::vector<key> order;
  auto const done = load(*store_, [&](key where, octet_view) { order.push_back(where); });
  ASSERT_TRUE(done.has_value()) << describe(done.error());
  EXPECT_THAT(order, testing::ElementsAre(key{0, 5}, key{1, 2}, key{1, 300}, key{1, max_id}, key{2, 1}, key{200, 0}));
}

TEST_P(any_store, names_its_keys_in_their_order) {
  std::vector<key> order;
  auto const visit = [&](key where) { order.push_back(where); };
  ASSERT_TRUE(store_->keys(visit).has_value());
  EXPECT_TRUE(order.empty());
  commit({put({2, 1}, a), put({1, 300}, a), put({1, max_id}, a), put({0, 5}, a), put({1, 2}, a), put({200, 0}, a)});
  commit({erase({2, 1}), put({1, 300}, b)});
  ASSERT_TRUE(store_->keys(visit).has_value());
  EXPECT_THAT(order, testing::ElementsAre(key{0, 5}, key{1, 2}, key{1, 300}, key{1, max_id}, key{200, 0}));
}

TEST_P(any_store, reads_what_is_asked_for_in_the_order_given) {
  commit({put({1, 7}, a), put({1, 8}, nothing), put({2, 7}, b)});
  commit({put({1, 9}, b), erase({2, 7}), put({1, 7}, b)});
  EXPECT_EQ(values_of(*store_, {}), values{});
  EXPECT_EQ(values_of(*store_, std::vector<key>{{1, 9}, {2, 7}, {1, 7}, {1, 8}, {1, 9}, {0, 0}, {3, max_id + 1}}),
            (values{{{1, 9}, b},
                    {{2, 7}, std::nullopt},
                    {{1, 7}, b},
                    {{1, 8}, nothing},
                    {{1, 9}, b},
                    {{0, 0}, std::nullopt},
                    {{3, max_id + 1}, std::nullopt}}));
}

// More than any store takes in one go, of all sizes.
TEST_P(any_store, reads_many_records) {
  std::vector<operation> batch;
  std::vector<key> wanted;
  values expected;
  for (std::uint64_t id = 0; id < 3000; ++id) {
    octets value(id % 700 == 0 ? 100'000 : id % 400, static_cast<std::uint8_t>(id));
    wanted.push_back({1, id * 0x10001});
    expected.emplace_back(wanted.back(), value);
    batch.push_back(put(wanted.back(), std::move(value)));
  }
  commit(batch);
  EXPECT_EQ(values_of(*store_, wanted), expected);
  std::vector<key> named;
  ASSERT_TRUE(store_->keys([&](key where) { named.push_back(where); }).has_value());
  EXPECT_EQ(named, wanted);
}

TEST_P(any_store, takes_the_largest_record) {
  octets const largest(max_record_octets, 0xA5);
  commit({put({1, 1}, largest)});
  EXPECT_EQ(held(), (contents{{{1, 1}, largest}}));
}

TEST_P(any_store, refuses_what_is_above_the_limits_before_anything_is_tried) {
  commit({put({1, 1}, a)});
  struct {
    char const* name;
    operation refused;
    errc code;
    char const* field;
  } const cases[] = {
      {"value too long", put({3, 4}, octets(max_record_octets + 1)), errc::too_long, "record 3/4"},
      {"id too large", put({3, max_id + 1}, a), errc::bad_value, "record 3/9223372036854775808"},
      {"id too large to erase", erase({3, max_id + 1}), errc::bad_value, "record 3/9223372036854775808"},
  };
  for (auto const& each : cases) {
    SCOPED_TRACE(each.name);
    auto const done = store_->commit(std::vector{put({1, 2}, b), each.refused, erase({1, 1})});
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, each.code);
    EXPECT_EQ(done.error().field, each.field);
    EXPECT_EQ(held(), (contents{{{1, 1}, a}}));
  }
}

}  // namespace
}  // namespace signalbox::storage

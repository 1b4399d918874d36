#include "engine/server/store_choice.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/server/test_support.hpp"

namespace signalbox::server {
namespace {

TEST(store_choice, new_directories_use_the_log_and_old_ones_go_on_with_sqlite) {
  struct {
    char const* name;
    std::vector<store_kind> before;  // opened one after the other
    store_kind wanted, kind;
    char const* ignored;
  } const cases[] = {
      {"new", {}, store_kind::automatic, store_kind::log, ""},
      {"new, SQLite", {}, store_kind::sqlite, store_kind::sqlite, ""},
      {"there is a SQLite file", {store_kind::sqlite}, store_kind::automatic, store_kind::sqlite, ""},
      {"the log all the same", {store_kind::sqlite}, store_kind::log, store_kind::log, "/messages.db"},
      {"both", {store_kind::sqlite, store_kind::log}, store_kind::automatic, store_kind::log, "/messages.db"},
      {"both, SQLite", {store_kind::sqlite, store_kind::log}, store_kind::sqlite, store_kind::sqlite, "/messages"},
      {"there is a log", {store_kind::automatic}, store_kind::automatic, store_kind::log, ""},
  };
  for (auto const& each : cases) {
    SCOPED_TRACE(each.name);
    temporary_directory const place;
    auto const data = place.file("data");
    std::filesystem::create_directory(data);
    for (auto const kind : each.before) ASSERT_TRUE(open_store(data, kind).has_value());
    auto const opened = open_store(data, each.wanted);
    ASSERT_TRUE(opened.has_value()) << describe(opened.error());
    EXPECT_EQ(opened->kind, each.kind);
    EXPECT_EQ(opened->ignored, each.ignored[0] == '\0' ? "" : data + each.ignored);
    EXPECT_TRUE(opened->damage.empty());
    EXPECT_TRUE(std::filesystem::exists(data + (each.kind == store_kind::log ? "/messages" : "/messages.db")));
  }
}

}  // namespace
}  // namespace signalbox::server

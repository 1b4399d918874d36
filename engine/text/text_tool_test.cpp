// The JSON-lines tool: requests and their answers, whole.
#include "engine/text/text_tool.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace signalbox::text {
namespace {

using nlohmann::json;

// Every field that `expected` names must be in the answer with that value.
void expect(std::string_view request, char const* expected) {
  SCOPED_TRACE(request);
  auto const answer = json::parse(text_tool(request));
  auto const wanted = json::parse(expected);
  for (auto const& [name, value] : wanted.items())
    EXPECT_EQ(answer.value(name, json()), value) << name << "\n" << answer;
}

TEST(text_tool, whole_answers) {
  EXPECT_EQ(text_tool(R"({"op":"split","text":"[88]"})"),
            R"({"op":"split","encoding":"gsm7","data_coding":0,"single":0,"locking":0,"septets":6,"replaced":0,)"
            R"("parts":[{"part":1,"text":"[88]","septets":6,"udhi":false,"udl":6,"udh":"","hex":"1b1e0eb7f101",)"
            R"("body":"1b3c38381b3e"}]})");
  EXPECT_EQ(text_tool(R"({"op":"count","text":"\ud83d\ude00","encoding":"ucs2"})"),
            R"({"op":"count","encoding":"ucs2","data_coding":8,"single":0,"locking":0,"octets":4,"units":2,)"
            R"("characters":1,"replaced":0,"parts":1,"room":{"single":70,"part":66}})");
  EXPECT_EQ(text_tool(R"({"op":"decode","hex":"0500032A0202C2","udhi":true,"udl":8})"),
            R"({"op":"decode","encoding":"gsm7","single":0,"locking":0,"text":"a","septets":1,"udh":"0500032a0202",)"
            R"("body":"61","elements":[{"id":0,"data":"2a0202"}],)"
            R"("concatenation":{"reference":42,"reference_bits":8,"parts":2,"part":2}})");
  EXPECT_EQ(text_tool(R"({"op":"encode","text":"a","single":99})"),
            R"({"error":{"code":"bad value","field":"single","offset":0,)"
            R"("detail":"a whole number from 0 to 13 is expected"}})");
}

TEST(text_tool, split) {
  auto const text = std::string(161, 'a');
  auto const done = json::parse(text_tool(R"({"op":"split","locking":1,"reference_bits":16,"text":")" + text + "\"}"));
  EXPECT_EQ(done["septets"], 161);
  ASSERT_EQ(done["parts"].size(), 2u);
  EXPECT_EQ(done["parts"][0]["udh"],
            "0908040001020125"
            "0101");
  EXPECT_EQ(done["parts"][0]["septets"], 148);
  EXPECT_EQ(done["parts"][1]["text"], std::string(13, 'a'));
  expect(R"({"op":"split","text":"é","encoding":"8bit"})", R"({"encoding":"8bit","octets":1,"data_coding":4})");
  expect(R"({"op":"split","text":"\u011e hello","national":true})", R"({"encoding":"gsm7","locking":1,"septets":7})");
}

TEST(text_tool, count) {
  expect(R"({"op":"count","text":"123[]ы4","encoding":"gsm7"})", R"({"septets":9,"replaced":1,"parts":1})");
  expect(R"({"op":"count","text":"","room":"exact"})", R"({"septets":0,"room":{"single":160,"part":153}})");
  expect(R"({"op":"count","text":"","room":"exact","reference":300})", R"({"room":{"single":160,"part":152}})");
}

TEST(text_tool, encode) {
  expect(R"({"op":"encode","text":"Hell","udh":"05 00 03 05 01 03"})",  // T-20
         R"({"udhi":true,"udl":11,"septets":4,"hex":"0500030501039065361b"})");
  expect(R"({"op":"encode","text":"İĞ","single":1,"locking":1})",  // T-32
         R"({"udl":10,"body":"400b","udh":"06250101240101","hex":"06250101240101c005"})");
  expect(R"({"op":"encode","text":"á","udh":"03240102"})", R"({"single":2,"hex":"03240102d88401"})");  // T-34
  expect(R"({"op":"encode","text":"€","encoding":"ucs2"})", R"({"octets":2,"units":1,"hex":"20ac"})");
}

TEST(text_tool, decode) {
  expect(R"({"op":"decode","hex":"E8329BFD06","septets":5})", R"({"text":"hello","septets":5})");
  expect(R"({"op":"decode","hex":"e170381c0e871b"})", R"({"text":"aaaaaaa","septets":7})");  // padded with CR
  expect(R"({"op":"decode","hex":"e170381c0e8701"})", R"({"text":"aaaaaaa@"})");
  expect(R"({"op":"decode","hex":"0500032A0202C2","udhi":true})", R"({"text":"a"})");
  expect(R"({"op":"decode","hex":"0500032A0202","udhi":true})", R"({"text":"","septets":0})");
  expect(R"({"op":"decode","hex":"06250101240101400B","udhi":true,"packed":false})",
         R"({"text":"İĞ","single":1,"locking":1})");
  expect(R"({"op":"decode","hex":"400B","packed":false,"locking":1})", R"({"text":"İĞ"})");
  expect(R"({"op":"decode","hex":"D83DDE00","data_coding":24})", R"({"text":"😀","octets":4,"message_class":0})");
  expect(R"({"op":"decode","hex":"61e9","data_coding":4})", R"({"encoding":"8bit","text":"aé"})");
  expect(R"({"op":"decode","hex":"E282AC","wire":"utf8"})", R"({"text":"€","octets":3})");  // T-9
  expect(R"({"op":"decode","hex":"1B65","wire":"gsm7"})", R"({"text":"€","septets":2})");
  expect(R"({"op":"decode","hex":"0605040B84 23F0 61","data_coding":4,"udhi":true})",
         R"({"text":"a","ports":{"destination":2948,"source":9200,"bits":16}})");
}

TEST(text_tool, errors) {
  struct {
    std::string request;
    char const* code;
    char const* field;
    std::size_t offset;
  } const cases[] = {
      {"", "bad syntax", "", 0},
      {R"({"op":)", "bad syntax", "", 6},
      {"[]", "bad value", "", 0},
      {R"({"op":"count","text":"a","reference":1e999})", "bad value", "", 0},
      {"{\"op\":\"count\",\"text\":\"\xFF\"}", "bad syntax", "", 22},
      {R"({"text":"a"})", "missing", "op", 0},
      {R"({"op":"join"})", "bad value", "op", 0},
      {R"({"op":"split"})", "missing", "text", 0},
      {R"({"op":"split","text":1})", "bad value", "text", 0},
      {R"({"op":"split","text":"a","encodign":"gsm7"})", "bad value", "encodign", 0},
      {R"({"op":"split","text":"a","encoding":"latin"})", "bad value", "encoding", 0},
      {R"({"op":"split","text":"a","locking":-1})", "bad value", "locking", 0},
      {R"({"op":"split","text":"a","reference_bits":9})", "bad value", "reference_bits", 0},
      {R"({"op":"count","text":"a","reference":256,"reference_bits":8})", "bad value", "reference", 0},
      {R"({"op":"split","text":"a","national":1})", "bad value", "national", 0},
      {R"({"op":"split","text":")" + std::string(152 * 255 + 1, 'a') + "\"}", "too long", "text", 152 * 255},
      {R"({"op":"encode","text":")" + std::string(161, 'a') + "\"}", "too long", "text", 160},
      {R"({"op":"encode","text":"a","udh":"0500"})", "bad length", "udh", 0},
      {R"({"op":"encode","text":"a","udh":"00","single":1})", "bad value", "udh", 0},
      {R"({"op":"encode","text":"aa","udh":"8B70)"
       "89" +
           std::string(2 * 137, '0') + "\"}",
       "too long", "text", 0},
      {R"({"op":"decode"})", "missing", "hex", 0},
      {R"({"op":"decode","hex":17})", "bad value", "hex", 0},
      {R"({"op":"decode","hex":"61","data_coding":12})", "not supported", "data_coding", 0},
      {R"({"op":"decode","hex":"61","septets":1,"udl":1})", "duplicate", "udl", 0},
      {R"({"op":"decode","hex":"61","septets":2})", "truncated", "hex", 1},
      {R"({"op":"decode","hex":"0500","udhi":true})", "bad length", "UDHL", 0},
      {R"({"op":"decode","hex":"050003290202","udhi":true,"udl":6})", "bad length", "udl", 0},
      {R"({"op":"decode","hex":"006100","data_coding":8})", "bad length", "text", 2},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.request.substr(0, 80));
    auto const answer = json::parse(text_tool(c.request));
    ASSERT_TRUE(answer.contains("error")) << answer;
    EXPECT_EQ(answer["error"]["code"], c.code) << answer;
    EXPECT_EQ(answer["error"]["field"], c.field) << answer;
    EXPECT_EQ(answer["error"]["offset"], c.offset) << answer;
    EXPECT_FALSE(answer["error"]["detail"].get<std::string>().empty());
  }
}

TEST(text_tool, help_names_every_field) {
  for (auto const* field : {"encoding", "single", "locking", "national", "reference_bits", "room", "udh", "hex",
                            "data_coding", "udhi", "packed", "septets", "udl", "wire", "replaced", "error"})
    EXPECT_NE(text_tool_help().find(field), std::string_view::npos) << field;
}

}  // namespace
}  // namespace signalbox::text

// Laws of splitting, for every encoding and table: nothing is lost, nothing is cut apart, nothing is too long.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engine/text/join.hpp"
#include "engine/text/split.hpp"
#include "engine/text/text_generators.hpp"

namespace signalbox::text {
namespace {

split_options any_options(wanted encoding, shifts tables = {}) {
  split_options options;
  options.encoding = encoding;
  options.tables = tables;
  options.reference_bits = *rc::gen::element(0u, 8u, 16u);
  options.reference = *rc::gen::inRange<std::uint16_t>(0, options.reference_bits == 8 ? 0x100 : 0xFFFF);
  options.room = *rc::gen::element(part_room::gateway, part_room::exact);
  options.national = *rc::gen::arbitrary<bool>();
  return options;
}

// What must hold of any split, and the parts read back as a receiver would.
void check(std::string const& text, split_options const& options) {
  auto const done = split(text, options).value();
  auto const size = count(text, options);
  RC_ASSERT(size.how == done.how);
  RC_ASSERT(size.units == done.units);
  RC_ASSERT(size.parts == done.parts.size());
  RC_ASSERT(size.replaced == done.replaced);

  std::vector<piece> pieces;
  std::string texts;
  for (auto const& p : done.parts) {
    texts += p.text;
    RC_ASSERT(p.units <= (done.parts.size() == 1 ? size.room.single : size.room.part));
    RC_ASSERT(p.content.data.size() <= user_data_octets);
    RC_ASSERT(check_utf8(p.text).has_value());
    if (done.how.set == charset::ucs2) RC_ASSERT(text_of_utf16be(p.body).value() == p.text);  // no pair is cut
    if (done.how.set == charset::gsm7 && !p.body.empty()) {
      // The last septet is an escape only as the second of a pair, where it would be reserved: never.
      RC_ASSERT(p.body.back() != escape);
      RC_ASSERT(p.body.size() == p.units);
    }
    pieces.push_back(piece_of(p.content).value());
    RC_ASSERT(pieces.back().body == p.body);
    RC_ASSERT(pieces.back().place.has_value() == (done.parts.size() > 1));
  }
  RC_ASSERT(texts == text);
  std::rotate(pieces.begin(), pieces.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(pieces)), pieces.end());
  auto const back = join(pieces).value();
  if (done.replaced == 0)
    RC_ASSERT(back == text);
  else
    RC_ASSERT(count_code_points(back) == count_code_points(text));
}

RC_GTEST_PROP(split_properties, gsm7_with_every_table, ()) {
  auto const tables = *any_shifts();
  check(*texts_in(tables), any_options(wanted::gsm7, tables));
}

RC_GTEST_PROP(split_properties, gsm7_with_unknown_characters, ()) {
  check(*any_text(), any_options(wanted::gsm7, *any_shifts()));
}

RC_GTEST_PROP(split_properties, ucs2, ()) { check(*any_text(), any_options(wanted::ucs2)); }

RC_GTEST_PROP(split_properties, octets8, ()) {
  check(*texts(rc::gen::inRange<char32_t>(0, 0x100)), any_options(wanted::octets8));
}

RC_GTEST_PROP(split_properties, the_best_encoding_loses_nothing, ()) {
  auto const id = *any_language();
  auto const text =
      *texts(rc::gen::oneOf(rc::gen::elementOf(characters_of({})), rc::gen::elementOf(characters_of({id, id})),
                            rc::gen::weightedOneOf<char32_t>({{20, rc::gen::just(U'a')}, {1, any_code_point()}})));
  auto const options = any_options(wanted::best);
  RC_ASSERT(split(text, options)->replaced == 0u);
  check(text, options);
}

RC_GTEST_PROP(split_properties, the_best_encoding_never_takes_more_parts_than_ucs2, ()) {
  auto const id = *any_language();
  auto const text = *texts_in({id, id});
  auto options = any_options(wanted::best);
  auto const best = count(text, options);
  options.encoding = wanted::ucs2;
  RC_ASSERT(best.parts <= count(text, options).parts);
}

RC_GTEST_PROP(split_properties, headers_come_back, ()) {
  user_data_header header;
  auto const elements = *rc::gen::container<std::vector<std::pair<std::uint8_t, octets>>>(
      rc::gen::pair(rc::gen::arbitrary<std::uint8_t>(), any_octets()));
  for (auto const& [id, data] : elements) header.elements.push_back({id, data});
  if (auto const wire = encode_udh(header)) RC_ASSERT(decode_udh(*wire).value() == header);
}

}  // namespace
}  // namespace signalbox::text

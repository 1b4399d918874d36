// What holds for every PDU and every way its octets arrive. The seeds of RapidCheck drive the generators of the
// field tables, so each run draws new PDUs of all kinds; RC_PARAMS="seed=..." repeats one.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/smpp/check_codec.hpp"

namespace signalbox::smpp {
namespace {

seeded_entropy chance_of_this_case() { return seeded_entropy{*rc::gen::arbitrary<std::uint64_t>()}; }

RC_GTEST_PROP(smpp_codec_properties, decode_undoes_encode, ()) {
  auto chance = chance_of_this_case();
  auto const p = any_pdu(chance);
  auto const bytes = encoded(p);
  auto const read = decode(bytes);
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == p);
  RC_ASSERT(encoded(*read) == bytes);
}

TEST(smpp_codec_properties, any_pdu_draws_every_kind) {
  seeded_entropy chance{1};
  std::vector<bool> seen(body_ids.size());
  for (int i = 0; i < 2'000; ++i) seen[any_pdu(chance).body.index()] = true;
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_TRUE(seen[i]) << name_of(body_ids[i]);
}

RC_GTEST_PROP(smpp_codec_properties, a_cut_pdu_is_a_fault_and_never_a_frame, ()) {
  auto chance = chance_of_this_case();
  auto const bytes = encoded(any_pdu(chance));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    auto const cut = octet_view(bytes).first(length);
    RC_ASSERT(!decode(cut).has_value());
    framer f;
    f.feed(cut);
    RC_ASSERT(!f.next().has_value());
    RC_ASSERT(f.broken() == nullptr);
    RC_ASSERT(f.pending() == length);
  }
}

// A cut whose command_length agrees with it is a PDU of its own: it faults inside, or it is a whole one (a PDU whose
// TLVs fell off) and keeps the round trip.
RC_GTEST_PROP(smpp_codec_properties, a_shortened_pdu_faults_inside_or_is_whole, ()) {
  auto chance = chance_of_this_case();
  auto bytes = encoded(any_pdu(chance));
  bytes.resize(chance.between(header_octets, bytes.size()));
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(bytes.size() >> (24 - 8 * i));
  auto const read = decode(bytes);
  if (read) {
    RC_ASSERT(*decode(encoded(*read)) == *read);
  } else {
    RC_ASSERT(read.error().offset >= header_octets);
    RC_ASSERT(read.error().offset <= bytes.size());
    RC_ASSERT(!read.error().field.empty());
  }
}

RC_GTEST_PROP(smpp_codec_properties, chunks_do_not_matter, ()) {
  auto chance = chance_of_this_case();
  octets stream;
  std::vector<std::string> each;
  for (std::size_t i = chance.between(1, 6); i > 0; --i) {
    auto const bytes = encoded(any_pdu(chance));
    each.push_back(to_hex(bytes));
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  }
  RC_ASSERT(framed(stream, 1) == each);
  RC_ASSERT(framed(stream, stream.size()) == each);

  framer f;
  std::vector<std::string> seen;
  for (std::size_t at = 0; at < stream.size();) {
    auto const size = std::min<std::size_t>(chance.between(0, chance.one_in(3) ? 300 : 20), stream.size() - at);
    octets const piece(stream.begin() + static_cast<std::ptrdiff_t>(at),
                       stream.begin() + static_cast<std::ptrdiff_t>(at + size));
    f.feed(piece);
    while (auto const whole = f.next()) seen.push_back(to_hex(*whole));
    at += size;
  }
  RC_ASSERT(seen == each);
  RC_ASSERT(f.pending() == 0u);
}

RC_GTEST_PROP(smpp_codec_properties, damaged_octets_fault_or_round_trip, ()) {
  auto chance = chance_of_this_case();
  auto bytes = encoded(any_pdu(chance));
  for (auto flips = chance.between(1, 4); flips > 0; --flips)
    bytes[chance.below(bytes.size())] = static_cast<std::uint8_t>(chance.next());
  if (auto const read = decode(bytes)) {
    RC_ASSERT(*decode(encoded(*read)) == *read);
    RC_ASSERT(!to_text(*read).empty());
  } else {
    RC_ASSERT(read.error().offset <= std::max<std::size_t>(bytes.size(), max_pdu_octets));
  }
}

RC_GTEST_PROP(smpp_codec_properties, texts_are_one_line_and_repeat, ()) {
  auto chance = chance_of_this_case();
  auto const p = any_pdu(chance);
  auto const line = to_text(p);
  RC_ASSERT(line == to_text(*decode(encoded(p))));
  RC_ASSERT(line.find('\n') == line.npos);
  RC_ASSERT(line.starts_with(name_of(id_of(p))));
  auto const json = decode_line(to_hex(encoded(p)));
  RC_ASSERT(json.find('\n') == json.npos);
  RC_ASSERT(json.starts_with(R"({"command_id":)"));
  RC_ASSERT(json.ends_with('}'));
}

}  // namespace
}  // namespace signalbox::smpp

// Test support: every wire sample runs five ways from one row, and wires are written so that people can check them:
// hex digits and blanks, text between apostrophes.
#pragma once

#include <gtest/gtest.h>

#include "engine/smpp/decode_tool.hpp"
#include "engine/smpp/framing.hpp"

namespace signalbox::smpp {

inline void PrintTo(pdu const& p, std::ostream* out) { *out << to_text(p); }
inline void PrintTo(tlv const& t, std::ostream* out) { *out << t.tag << '=' << to_hex(t.value); }

inline octets wire(std::string_view notation) {  // "00000010 'text' 00"
  octets data;
  while (!notation.empty()) {
    auto const quote = notation.find('\'');
    auto const hex = from_hex(notation.substr(0, quote));
    EXPECT_TRUE(hex) << describe(hex.error());
    data.insert(data.end(), hex->begin(), hex->end());
    if (quote == notation.npos) break;
    auto const end = notation.find('\'', quote + 1);
    auto const text = octets_of(notation.substr(quote + 1, end - quote - 1));
    data.insert(data.end(), text.begin(), text.end());
    notation.remove_prefix(end + 1);
  }
  return data;
}

inline octets encoded(pdu const& p) {
  octets out;
  auto const done = encode(p, out);
  EXPECT_TRUE(done) << describe(done.error());
  return out;
}

// What a framer gives for a stream fed in pieces of `step` octets, in hex.
inline std::vector<std::string> framed(octet_view stream, std::size_t step) {
  framer f;
  std::vector<std::string> pdus;
  while (!stream.empty()) {
    octets const piece(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(std::min(step, stream.size())));
    f.feed(piece);
    while (auto const whole = f.next()) pdus.push_back(to_hex(*whole));
    stream = stream.subspan(piece.size());
  }
  EXPECT_EQ(f.broken(), nullptr);
  EXPECT_EQ(f.pending(), 0u);
  return pdus;
}

inline void check_codec(pdu const& value, octets const& bytes) {
  auto const read = decode(bytes);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(*read, value);
  EXPECT_EQ(to_hex(encoded(value)), to_hex(bytes));

  EXPECT_EQ(framed(bytes, 1), std::vector{to_hex(bytes)});

  for (std::size_t length = 0; length < bytes.size(); ++length) {
    octets cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(decode(cut)) << "cut after " << length;
    framer f;
    f.feed(cut);
    EXPECT_FALSE(f.next()) << "cut after " << length;
    EXPECT_EQ(f.pending(), length);
    if (length < header_octets) continue;  // and with a command_length that agrees with the cut
    cut[0] = cut[1] = cut[2] = 0;
    cut[2] = static_cast<std::uint8_t>(length >> 8);
    cut[3] = static_cast<std::uint8_t>(length);
    if (auto const shorter = decode(cut)) {
      EXPECT_LE(encoded(*shorter).size(), bytes.size()) << "cut after " << length;
    } else {
      EXPECT_LE(shorter.error().offset, length);
      EXPECT_GE(shorter.error().offset, header_octets);
      EXPECT_NE(shorter.error().field, "");
    }
  }

  octets followed = bytes;
  auto const next = encoded({.sequence_number = 99, .body = enquire_link{}});
  followed.insert(followed.end(), next.begin(), next.end());
  EXPECT_EQ(framed(followed, followed.size()), (std::vector{to_hex(bytes), to_hex(next)}));
}

}  // namespace signalbox::smpp

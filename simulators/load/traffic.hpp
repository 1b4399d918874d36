// One `traffic` line: what its messages look like. A message is drawn once (number, destination, length) and can be
// made again from that draw, so that what was throttled goes again as it was.
//
// The text is `before`, the message's number in decimal if the line counts, then `behind`; with a length it is cut or
// filled up to that many characters by repeating `behind`. Number and fixed parts are spelled apart, once: making a
// message copies octets.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/entropy.hpp"
#include "engine/smpp/messages.hpp"
#include "engine/text/encoding.hpp"

namespace signalbox::load {

enum class splitting : std::uint8_t {
  none,
  udh,
  sar
};  // concatenation header, or sar_ parameters (SMPP 3.4, 5.3.2.22)

struct traffic {
  std::string name;
  std::size_t actor = 0;                    // index into plan::actors
  double weight = 1;                        // share within its stream
  smpp::submit_sm base{};                   // all fields but destination and text
  std::string destination;                  // the first one
  std::uint64_t destinations = 1;           // so many, counting up, drawn by chance
  std::string before, behind = {};          // UTF-8
  bool counts = false;                      // the number stands between them
  std::uint32_t shortest = 0, longest = 0;  // characters; both 0: as it is written
  text::charset set = text::charset::gsm7;
  text::representation spelled = text::representation::utf8;
  splitting split = splitting::none;
  std::string pcap;  // the file of the capture whose submit_sm go, as they were
  std::shared_ptr<std::vector<smpp::submit_sm> const> recorded{};  // what was in it; drawn::chance is the index
  std::uint32_t segment = 0;  // characters in a segment; 0: what the network takes (160/152, 140/132, 70/66)
};

struct drawn {
  std::uint64_t number = 0;  // of the message, from 1, unique in the run
  std::uint64_t chance = 0;  // decides destination and length
  bool operator==(drawn const&) const = default;
};

class message_maker {
 public:
  explicit message_maker(traffic what);

  traffic const& line() const { return what_; }
  std::uint32_t segments(drawn const& d);  // 1 unless the line splits; above 255 it cannot be sent
  // Segment `index` of the message; valid until the next call.
  smpp::body const& make(drawn const& d, std::uint32_t index);

  // The number that this body carries, if it is one of this line's: for matching deliveries.
  std::optional<std::uint64_t> number_in(octet_view short_message) const;

 private:
  struct spelled_text {  // octets, and where each character ends
    octets data;
    std::vector<std::uint32_t> ends;
    std::uint32_t chars() const { return static_cast<std::uint32_t>(ends.size()); }
    std::uint32_t size_of(std::uint32_t characters) const { return characters == 0 ? 0 : ends[characters - 1]; }
  };
  spelled_text spell(std::string_view text) const;
  void write_text(drawn const& d, octets& out);  // the whole text; ends_ too when the line splits
  void append(spelled_text const& from, std::uint32_t characters, octets& out);
  std::uint32_t length_of(drawn const& d) const;

  traffic what_;
  spelled_text before_, behind_;
  std::size_t digit_octets_ = 1;  // of one digit: two in UTF-16
  smpp::body made_;
  octets text_;
  std::vector<std::uint32_t> ends_;
  std::optional<drawn> text_of_;  // what text_ holds
};

// "9960200000" + 17: the digits at the end count up, a sign or letters before them stay.
void count_up(std::string& number, std::uint64_t steps);

}  // namespace signalbox::load

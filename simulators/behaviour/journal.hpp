// What one actor sent and received, PDU by PDU, with the events of its connection. Entries are numbered from 0 as they
// happen and keep their numbers when old ones are dropped, so a reader remembers a number and continues from there.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/smpp/codec.hpp"
#include "engine/smpp/framing.hpp"

namespace signalbox::simulators {

struct journal_entry {
  enum class kind : std::uint8_t {
    sent,      // a whole PDU left
    received,  // a whole PDU came
    opened,    // a connection, made or accepted
    bound,
    closed,  // by the peer, by us, or never opened; `words` say why
    faulty,  // the stream cannot be cut into PDUs any further; `raw` is the header
  } what = kind::sent;
  moment when{};
  connection_id connection{};
  std::optional<smpp::pdu> pdu{};  // sent, received: absent when it cannot be decoded
  octets raw{};                    // its octets
  std::string words{};
};

class journal {
 public:
  explicit journal(std::size_t limit = 100'000) : limit_(limit) {}  // entries kept; 0: only counted

  std::size_t size() const { return first_ + kept_.size(); }  // the number of the next entry
  std::size_t first() const { return first_; }                // the oldest one kept
  journal_entry const& operator[](std::size_t number) const {
    return kept_[number - first_];
  }  // first() <= number < size()
  bool keeps() const { return limit_ > 0; }
  void keep(std::size_t limit);

  void add(journal_entry entry);

 private:
  std::size_t limit_;
  std::size_t first_ = 0;
  std::deque<journal_entry> kept_;
};

// Cuts the octets of one connection, both ways, into journal entries. Costs nothing when the journal keeps nothing.
class journal_tap {
 public:
  journal_tap(journal& book, connection_id connection) : book_(book), connection_(connection) {}
  void sent(octet_view data, moment now) { cut(out_, data, journal_entry::kind::sent, now); }
  void received(octet_view data, moment now) { cut(in_, data, journal_entry::kind::received, now); }

 private:
  void cut(smpp::framer& stream, octet_view data, journal_entry::kind what, moment now);

  journal& book_;
  connection_id connection_;
  smpp::framer in_, out_;
};

}  // namespace signalbox::simulators

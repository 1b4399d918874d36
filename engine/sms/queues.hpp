// What the centre keeps of every message, and the queues it stands in. Internal to the centre: pipeline.hpp has the
// operations. A message "sleeps" while its text is only in the store: its entry, some hundred octets, is all that is in
// memory, and knows what it takes to route it, to find it for its originator, to expire it and to try it again.
#pragma once

#include <boost/intrusive/list.hpp>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/base/deadlines.hpp"
#include "engine/sms/message.hpp"

namespace signalbox::sms::queues {

using timer_queue = deadlines<wall, record_id>;

// Lists through the things themselves: nothing is allocated, and anything is taken out of the middle at once.
template <class Tag>
using in_list = boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                                 boost::intrusive::link_mode<boost::intrusive::normal_link>>;
template <class T, class Tag>
using list =
    boost::intrusive::list<T, boost::intrusive::base_hook<in_list<Tag>>, boost::intrusive::constant_time_size<false>>;
struct its_queue;    // of an entry; of a destination: stirred, or queued on a link
struct its_failure;  // of a destination: its cluster's `failed` or `pulled`

// storing: held until the store answers; leaving: held for the last time.
enum class phase : std::uint8_t { storing, waiting, ready, in_flight, leaving };

using cluster_index = std::uint32_t;
struct cluster;
struct destination;
struct link;

struct entry : in_list<its_queue> {
  record_id id;
  std::unique_ptr<message> m;  // null while it sleeps
  progress p;
  wall expires;
  std::uint64_t source = 0;  // digest of the source address' digits
  destination* target = nullptr;
  link* via = nullptr;
  timer_queue::handle timer = timer_queue::none;
  std::uint32_t origin = 0, returns_to = 0;  // names (name_table)
  std::uint32_t service_type = 0;            // digest
  std::uint32_t octets = 0;                  // of text and parameters
  std::uint32_t revision = 0;                // how often its text was replaced
  network_id network;
  std::uint8_t registered_delivery = 0;
  phase where = phase::storing;
  bool stored = false;  // has a record in the store
  bool asleep = false;
  bool waking = false;     // its record is being read
  bool scheduled = false;  // its originator wanted it later than at once
};

// All messages of one address that share a cluster: delivered in order of acceptance, over one link at a time.
struct destination : in_list<its_queue>, in_list<its_failure> {
  cluster* home = nullptr;
  address const* who = nullptr;        // its key
  list<entry, its_queue> ready;        // due now, in order of id
  list<entry, its_queue> retrying;     // failed before and not due
  list<entry, its_queue> unattempted;  // never tried and not due
  link* via = nullptr;                 // carries what is in flight
  wall again;                          // until when what failed last waits,
  duration again_after{};              // and its delay: what stood behind it waits for the same moment
  entry* finger = nullptr;             // what was last put between others in `ready`
  std::uint32_t held = 0;              // being stored, cancelled or ended
  std::uint32_t in_flight = 0;
  std::uint32_t origins = 0;  // a bit for each ESME that has had messages here, by its number modulo 32
  enum class place : std::uint8_t { nowhere, stirred, queued } at = place::nowhere;
  bool deferring = false;  // what is ready is on its way to `retrying`
  bool thirsty = false;    // the text of what goes next is being read
  bool listed = false;     // stands in home->failed or home->pulled

  bool empty() const { return held == 0 && in_flight == 0 && ready.empty() && retrying.empty() && unattempted.empty(); }
};

inline std::uint64_t digest(std::string_view text) { return std::hash<std::string_view>{}(text); }

struct address_hash {
  std::size_t operator()(address const& a) const noexcept {
    return std::hash<std::string>{}(a.digits) * 31 + a.ton * 8u + a.npi;
  }
};

struct cluster {
  std::string name;
  std::vector<link*> links;
  std::size_t next = 0;  // round robin
  bool missed = false;   // a message found nobody bound since the last bind
  cluster_index index = 0;
  std::uint64_t backlog = 0;  // messages that are ready, or being stored
  std::uint64_t answers = 0;  // of its receivers, since
  wall measured;
  bool keeps_pace = false;                // ... they come fast
  list<destination, its_failure> failed;  // have messages to retry
  list<destination, its_failure> pulled;  // ... which become ready because somebody has bound
  std::unordered_map<address, destination, address_hash> destinations;
};

struct link {
  connection_id id;
  std::string esme;
  cluster* home = nullptr;
  std::uint32_t window = 1;
  std::uint32_t in_flight = 0;
  list<destination, its_queue> ready;
  bool touched = false;
};

// Names of ESMEs as small numbers; 0 is the empty name. Grows with the names that were ever configured or stored.
class name_table {
 public:
  name_table() { number(""); }
  std::uint32_t number(std::string const& name) {
    if (auto const at = numbers_.find(name); at != numbers_.end()) return at->second;
    names_.push_back(name);
    return numbers_[names_.back()] = static_cast<std::uint32_t>(names_.size() - 1);
  }
  std::string const& operator[](std::uint32_t number) const { return names_[number]; }

 private:
  std::deque<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace signalbox::sms::queues

// The message store as an append-only log in segments of fixed size, recycled: one commit is one contiguous write and
// one sync. The format and what becomes of damage: format.md. Values stay on the disk; in memory is an index of about
// 36 octets a record. Space is taken back from the oldest segment on; what still lives there is moved forward, a bounded
// part with each commit, so that a record that waits for days holds up nothing.
// Not here: a thread (engine/server has the one that calls commit).
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "engine/storage/files.hpp"
#include "engine/storage/log/format.hpp"
#include "engine/storage/log/record_index.hpp"

namespace signalbox::storage::log {

// Of what lies dead in the log, and of what is kept free, this much more than what lives is no reason to act.
inline constexpr std::uint64_t segments_of_grace = 3;

struct log_options {
  std::uint64_t segment_octets = 16 << 20;  // a multiple of 4096, at least 8192
};

class log_store final : public message_store {
 public:
  struct counters {
    std::size_t records = 0;
    std::uint64_t live_octets = 0;     // of the records as they lie in the log
    std::uint64_t used_octets = 0;     // of the segments that hold them
    std::uint64_t free_octets = 0;     // of segments kept for later, and of the spare
    std::uint64_t moved_octets = 0;    // copied forward so far
    std::uint64_t written_octets = 0;  // altogether
    std::uint64_t index_octets = 0;    // of memory
  };

  // The directory is made when it is absent (its parent must exist) and locked until the store is destroyed; used by
  // one thread at a time. Faults, the path in `field`:
  //   not_supported  a file of another name, or a version this program does not know; nothing was touched
  //   corrupt        segments, but none whose header can be read
  //   io             another process has it open, or the disk failed
  static result<std::unique_ptr<log_store>> open(std::string const& path, log_options options = {});
  static result<std::unique_ptr<log_store>> open(std::unique_ptr<directory> in, log_options options = {});

  // After a fault of errc::io nothing succeeds before a new segment, written and synced, has cut off what the failed
  // commit may have left; the next commit tries that by itself. One segment is kept in reserve for commits that only
  // erase: they succeed on a full disk, too, as long as that one has room for them (about 32 octets each) or others
  // become free; one that puts is a fault until there is space again.
  result<void> commit(std::span<operation const> operations) override;
  result<void> keys(std::function<void(key)> const& visit) override;  // from memory, without a fault
  // Records that lie close behind each other are read together: asking in the order of keys is quickest.
  void read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) override;

  // What opening, reading and moving found damaged: errc::corrupt, or errc::truncated for a batch that was being
  // written when the power went (nothing that was acknowledged, unless the disk lied). At most 1,000 are kept.
  std::span<fault const> damage() const { return damage_; }
  counters count() const;

 private:
  struct segment {
    std::unique_ptr<file> on;
    std::string name;
    std::uint64_t octets = 0, epoch = 0, end = first_batch_at;
    std::uint64_t live_octets = 0, live = 0;
  };
  struct spare {  // a file that becomes a segment when one is needed
    std::unique_ptr<file> on;
    std::string digits;  // of its name
    std::uint64_t octets = 0;
    std::uint64_t zeroed = 0;  // so far
  };
  struct step {  // one record of the batch being made
    operation::verb what;
    key where;
    octet_view value;          // of an operation
    std::size_t moved_at = 0;  // of a record moved forward: where in moved_ its value begins
    std::uint32_t size = 0;    // octets of the value
    bool moved = false;
    std::uint64_t place = 0;  // where it will lie
  };
  struct walk {  // how far moving the oldest segment's records has come in the index
    std::uint64_t epoch = 0;
    std::size_t shard = 0, from = 0;
  };

  log_store(std::unique_ptr<directory> in, log_options options) : in_(std::move(in)), options_(options) {}

  // Opening (recovery.cpp).
  struct found_segment;
  using all_found = std::vector<found_segment>;
  result<void> recover();
  result<all_found> look_at_all(std::vector<std::string>& unfinished);
  result<void> look_at(found_segment& at);
  result<std::uint64_t> oldest_needed(found_segment const& newest);
  std::vector<found_segment*> chain_of(all_found& found, std::uint64_t oldest);
  result<void> replay(found_segment const& of, std::optional<std::uint64_t> end, bool newest);
  result<octets> whole(segment& of);

  // Committing.
  void choose(std::span<operation const> operations);
  void choose_moves();
  bool moving_pays();
  bool move(key where, place from);
  void retire_dead();
  result<void> make_room(bool only_erases);
  std::size_t batch_octets() const;

  // Segments (segments.cpp).
  std::size_t reserve() const { return free_.size() + (spare_ ? 1 : 0); }
  result<void> keep_reserve();
  result<void> start_segment(std::size_t octets, bool may_use_reserve);
  result<void> recycle(std::uint32_t number, segment_header const& header);
  result<spare> allocate(std::uint64_t octets);
  result<std::uint32_t> put_to_use(spare of, segment_header const& header);
  void adopt(std::vector<std::string>& unfinished);
  void prepare_spare();
  result<void> write();
  void apply();
  void set_free();
  void drop_surplus();

  void add(std::uint32_t number, std::uint32_t size);
  void discount(place what);
  void note(fault found);
  std::uint32_t new_number();
  segment& newest() { return segments_[in_use_.back()]; }
  std::uint64_t oldest_epoch() { return segments_[in_use_.front()].epoch; }
  std::string path_of(segment const& of) const { return in_->path_of(of.name); }

  // Reading.
  struct wanted_record {
    key where;
    std::optional<place> from;
  };
  std::size_t together(std::size_t first) const;
  result<octet_view> read_one(key where, place from);
  result<octet_view> value_in(std::span<std::uint8_t> data, key where, place from);

  std::unique_ptr<directory> in_;
  log_options options_;
  record_index index_;
  std::vector<segment> segments_;       // by number; those without a file are vacant
  std::deque<std::uint32_t> in_use_;    // oldest first
  std::vector<std::uint32_t> retired_;  // needed no more once the next write is durable
  std::vector<std::uint32_t> free_;
  std::optional<spare> spare_;
  std::uint64_t newest_epoch_ = 0;
  std::uint32_t last_file_ = 0;
  std::uint64_t used_octets_ = 0, free_octets_ = 0, live_octets_ = 0, moved_octets_ = 0, written_octets_ = 0;
  bool appendable_ = false;  // the newest segment may be written behind its end
  bool full_ = false;        // there was no space for another file when one was last wanted
  bool failed_ = false;      // a write or sync failed, and what it left has not been cut off yet

  std::vector<step> steps_;
  std::vector<std::uint32_t> last_of_key_;  // open hash table over steps_, 0 for unused
  octets moved_, buffer_;
  walk walk_;

  std::vector<wanted_record> wanted_;
  octets read_;
  std::vector<fault> damage_;
};

}  // namespace signalbox::storage::log

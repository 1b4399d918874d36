#include "engine/storage/log/scan.hpp"

#include <algorithm>

#include "engine/base/planted.hpp"

namespace signalbox::storage::log {

namespace {

class scanner {
 public:
  scanner(std::span<std::uint8_t> data, segment_facts const& facts, scan_listener const& listener)
      : data_(data), facts_(facts), listener_(listener), work_left_(64 * data.size()) {
    if (facts.end && *facts.end < data_.size()) data_ = data_.first(static_cast<std::size_t>(*facts.end));
  }

  scan_result run();

 private:
  struct found_record {
    std::uint64_t place;
    decoded_record what;
  };
  struct gap {
    std::uint64_t from, to;
  };
  struct batch {
    std::uint64_t place = 0, end = 0;
    batch_header header;
    condition header_state = condition::sound;
    std::vector<found_record> records;
    std::vector<gap> gaps;
    bool whole = false;
  };

  std::optional<batch> header_at(std::uint64_t place);
  std::uint64_t next_header(std::uint64_t place);  // or the end of the data
  void read_records(batch& into);
  std::uint64_t next_record(std::uint64_t place, std::uint64_t end);
  void take(batch const& from);

  // Looking for what is left of damaged batches may take so much and no more, whatever the octets are.
  bool spend(std::size_t octets) {
    if (octets > work_left_) return false;
    work_left_ -= octets;
    return true;
  }
  std::span<std::uint8_t> at(std::uint64_t place) { return data_.subspan(static_cast<std::size_t>(place)); }
  std::span<std::uint8_t> between(std::uint64_t from, std::uint64_t to) {
    return at(from).first(static_cast<std::size_t>(to - from));
  }
  void tell(errc code, std::uint64_t place, std::string words) const {
    if (listener_.on_damage) listener_.on_damage(code, place, std::move(words));
  }

  std::span<std::uint8_t> data_;
  segment_facts const& facts_;
  scan_listener const& listener_;
  std::size_t work_left_;  // in octets checked
  scan_result result_;
};

scan_result scanner::run() {
  std::uint64_t place = first_batch_at;
  while (place < data_.size()) {
    auto found = header_at(place);
    if (!found) {
      auto const next = next_header(place);
      if (next == data_.size() && !facts_.end) break;  // the newest segment: here its batches end
      tell(errc::corrupt, place, "a batch cannot be read, " + std::to_string(next - place) + " octets are lost");
      place = next;
      if (place == data_.size()) result_.end = place;
      continue;
    }
    read_records(*found);
    if (planted(bug::last_batch_dropped) && !facts_.end && next_header(found->end) == data_.size()) break;
    if (!found->whole && !facts_.end && next_header(found->end) == data_.size() && !planted(bug::torn_batch_taken)) {
      tell(errc::truncated, place,
           "an unfinished batch of " + std::to_string(found->header.count) + " records is dropped");
      break;
    }
    take(*found);
    place = found->end;
  }
  return result_;
}

std::optional<scanner::batch> scanner::header_at(std::uint64_t place) {
  auto const decoded = decode_batch_header(at(place), facts_.epoch, place);
  if (!decoded) return std::nullopt;
  batch found;
  found.place = place;
  std::tie(found.header, found.header_state) = *decoded;
  found.end = place + batch_header_octets + found.header.octets;
  if (found.end > data_.size()) return std::nullopt;
  return found;
}

std::uint64_t scanner::next_header(std::uint64_t place) {
  for (; place < data_.size(); place += alignment) {
    auto const found = decode_batch_header(octet_view{at(place)}, place);
    if (found && found->epoch == facts_.epoch && header_at(place)) return place;
  }
  return data_.size();
}

void scanner::read_records(batch& into) {
  auto place = into.place + batch_header_octets;
  bool repaired = false;
  while (place < into.end) {
    auto const rest = between(place, into.end);
    auto decoded = decode_record(rest, facts_.epoch, place, false);
    if (!decoded && spend(8 * std::min(rest.size(), max_record_octets)))
      decoded = decode_record(rest, facts_.epoch, place, true);
    if (!decoded) {
      auto const next = next_record(place, into.end);
      into.gaps.push_back({place, next});
      place = next;
      continue;
    }
    repaired |= decoded->state == condition::repaired;
    into.records.push_back({place, *decoded});
    place += decoded->octets;
  }
  into.whole = into.gaps.empty() && into.records.size() == into.header.count &&
               (!repaired || sum_of_words(between(into.place + batch_header_octets, into.end)) == into.header.sum);
}

std::uint64_t scanner::next_record(std::uint64_t place, std::uint64_t end) {
  for (place += alignment; place < end; place += alignment) {
    auto const rest = between(place, end);
    if (rest.size() < record_octets(0)) break;
    auto const cost = std::min<std::size_t>(rest.size(), reader{octet_view{rest}.subspan(4)}.u32());
    if (rest[18] != 0 || rest[19] != 0 || rest[17] == 0 || rest[17] > 2) continue;
    if (!spend(cost)) break;
    if (decode_record(rest, facts_.epoch, place, false)) return place;
  }
  return end;
}

void scanner::take(batch const& from) {
  if (from.header_state == condition::repaired)
    tell(errc::corrupt, from.place, "a flipped bit in the header of a batch; it is read as it had been");
  for (auto const& each : from.records) {
    if (each.what.state == condition::repaired)
      tell(errc::corrupt, each.place, "a flipped bit in a record; it is read as it had been");
    if (listener_.on_record) listener_.on_record(each.place, each.what.what);
  }
  for (auto const& each : from.gaps)
    tell(errc::corrupt, each.from,
         "records cannot be read, " + std::to_string(each.to - each.from) + " octets are lost");
  result_.end = from.end;
  result_.last_batch_at = from.place;
  result_.oldest = std::max(result_.oldest, from.header.oldest);
  ++result_.batches;
}

}  // namespace

scan_result scan(std::span<std::uint8_t> data, segment_facts const& facts, scan_listener const& listener) {
  if (data.size() < first_batch_at) return {};
  return scanner{data, facts, listener}.run();
}

std::uint64_t newest_epoch_in(octet_view data) {
  std::uint64_t newest = 0;
  for (std::uint64_t place = first_batch_at; place < data.size(); place += alignment)
    if (auto const found = decode_batch_header(data.subspan(static_cast<std::size_t>(place)), place))
      newest = std::max(newest, found->epoch);
  return newest;
}

}  // namespace signalbox::storage::log

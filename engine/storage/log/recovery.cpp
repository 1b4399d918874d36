// Opening a message log: which segments count, in which order, and what is in them (format.md, "Reading it back").
#include <algorithm>

#include "engine/base/planted.hpp"
#include "engine/storage/log/log_store.hpp"
#include "engine/storage/log/scan.hpp"

namespace signalbox::storage::log {

struct log_store::found_segment {
  std::uint32_t number = 0;
  segment_header header;  // of a segment that has lost its header: the epoch of its batches, or 0, and nothing else
  bool has_header = true;
  std::optional<std::size_t> damaged_copy;  // of the header
};

namespace {

enum class file_kind : std::uint8_t { segment, unfinished, foreign };

file_kind kind_of(std::string_view name) {
  if (name.size() < 12 ||
      !std::ranges::all_of(name.substr(0, name.size() - 4), [](char c) { return c >= '0' && c <= '9'; }))
    return file_kind::foreign;
  auto const ending = name.substr(name.size() - 4);
  return ending == ".log" ? file_kind::segment : ending == ".new" ? file_kind::unfinished : file_kind::foreign;
}

}  // namespace

result<void> log_store::recover() {
  std::vector<std::string> unfinished;
  auto found = look_at_all(unfinished);
  if (!found) return std::unexpected(found.error());
  if (!found->empty()) {
    auto const newest = std::ranges::max_element(*found, {}, [](auto const& each) { return each.header.epoch; });
    newest_epoch_ = newest->header.epoch;
    auto const oldest = oldest_needed(*newest);
    if (!oldest) return std::unexpected(oldest.error());
    auto const chain = chain_of(*found, *oldest);
    for (std::size_t i = 0; i < chain.size(); ++i) {
      auto const* after = i + 1 < chain.size() ? &chain[i + 1]->header : nullptr;
      std::optional<std::uint64_t> end;
      if (after != nullptr && after->previous == chain[i]->header.epoch) end = after->previous_end;
      if (auto done = replay(*chain[i], end, after == nullptr); !done) return done;
    }
  }
  adopt(unfinished);
  for (auto const& name : unfinished)
    if (auto gone = in_->remove(name); !gone) return gone;
  return in_->sync();  // a name may be in the system's memory only, too
}

// Changes nothing: a directory that is not ours is refused here.
result<log_store::all_found> log_store::look_at_all(std::vector<std::string>& unfinished) {
  auto const names = in_->list();
  if (!names) return std::unexpected(names.error());
  for (auto const& name : *names)
    if (kind_of(name) == file_kind::foreign)
      return failed(errc::not_supported, 0, in_->path_of(name),
                    "not a file of a message log, which keeps a directory to itself");
  all_found found;
  for (auto const& name : *names) {
    auto const number = std::strtoull(name.c_str(), nullptr, 10);
    last_file_ = std::max(last_file_, static_cast<std::uint32_t>(std::min<unsigned long long>(number, 0xFFFFFFF0)));
    if (kind_of(name) == file_kind::unfinished) {
      unfinished.push_back(name);
      continue;
    }
    auto on = in_->open(name);
    if (!on) return std::unexpected(on.error());
    auto const size = (*on)->size();
    if (!size) return std::unexpected(size.error());
    auto& next = found.emplace_back();
    next.number = static_cast<std::uint32_t>(segments_.size());
    auto& opened = segments_.emplace_back();
    opened.on = std::move(*on);
    opened.name = name;
    opened.octets = *size;
    if (auto done = look_at(next); !done) return std::unexpected(done.error());
  }
  if (!found.empty() && std::ranges::none_of(found, &found_segment::has_header))
    return failed(errc::corrupt, 0, path_of(segments_.front()), "no segment has a header that can be read");
  return found;
}

result<void> log_store::look_at(found_segment& at) {
  auto& of = segments_[at.number];
  octets first(first_batch_at);
  auto const got = of.on->read(0, first);
  if (!got) return std::unexpected(got.error());
  first.resize(*got);
  auto const header = decode_first_page(first, at.damaged_copy);
  if (header) {
    at.header = *header;
  } else if (header.error().code == errc::not_supported) {
    return failed(errc::not_supported, header.error().offset, path_of(of), header.error().detail);
  } else {
    auto const data = whole(of);
    if (!data) return std::unexpected(data.error());
    at.has_header = false;
    at.header.epoch = newest_epoch_in(*data);
  }
  of.epoch = at.header.epoch;
  return {};
}

result<std::uint64_t> log_store::oldest_needed(found_segment const& newest) {
  auto data = whole(segments_[newest.number]);
  if (!data) return std::unexpected(data.error());
  return std::max(newest.header.oldest, scan(*data, {newest.header.epoch, std::nullopt}, {}).oldest);
}

// From the newest backwards, each names the one before it; what nobody names is free: its epoch is no longer needed, or
// no commit succeeded in it. Where a link is missing, the next older one that is needed is taken.
std::vector<log_store::found_segment*> log_store::chain_of(all_found& found, std::uint64_t oldest) {
  std::ranges::sort(found, std::greater{}, [](auto const& each) { return each.header.epoch; });
  std::vector<found_segment*> chain;
  std::uint64_t named = found.front().header.epoch;
  bool certain = true;
  for (auto& each : found) {
    auto const epoch = each.header.epoch;
    bool const needed = epoch != 0 && (epoch >= oldest || planted(bug::dead_segment_read));
    if (needed && named != 0 && epoch < named && named >= oldest && certain) {
      note({errc::corrupt, 0, in_->path_of(""), "the segment of epoch " + std::to_string(named) + " is missing"});
      certain = false;
    }
    if (!needed || epoch > named) {
      free_.push_back(each.number);
      free_octets_ += segments_[each.number].octets;
      continue;
    }
    if (!each.has_header)
      note({errc::corrupt, 0, path_of(segments_[each.number]),
            "its header cannot be read; by its batches it is the segment of epoch " + std::to_string(epoch)});
    chain.insert(chain.begin(), &each);
    named = each.has_header ? each.header.previous : epoch - 1;
    certain = each.has_header;
  }
  if (named >= oldest && named != 0 && certain)
    note({errc::corrupt, 0, in_->path_of(""), "the segment of epoch " + std::to_string(named) + " is missing"});
  return chain;
}

result<void> log_store::replay(found_segment const& of, std::optional<std::uint64_t> end, bool newest) {
  auto& in = segments_[of.number];
  auto data = whole(in);
  if (!data) return std::unexpected(data.error());
  in_use_.push_back(of.number);
  used_octets_ += in.octets;
  auto const done = scan(*data, {in.epoch, end},
                         {[&](std::uint64_t at, record const& found) {
                            std::optional<place> before;
                            auto const size = static_cast<std::uint32_t>(found.value.size());
                            if (found.what == operation::verb::put) {
                              before = index_.put(found.where, {of.number, at, size});
                              add(of.number, size);
                            } else {
                              before = index_.erase(found.where);
                            }
                            if (before) discount(*before);
                          },
                          [&](errc code, std::uint64_t at, std::string words) {
                            note({code, static_cast<std::size_t>(at), path_of(in), std::move(words)});
                          }});
  in.end = done.end;
  // A header that was torn while it was being written is no damage: then no batch follows it.
  if (of.damaged_copy && of.has_header && done.batches > 0)
    note({errc::corrupt, *of.damaged_copy, path_of(in), "one of the two headers cannot be read"});
  if (end && *end > in.octets)
    note({errc::corrupt, static_cast<std::size_t>(in.octets), path_of(in), "the file is cut short"});
  if (!newest) return {};
  // What was written last may be in the system's memory only, and from here on we rely on it.
  auto const at = done.batches > 0 ? done.last_batch_at : 0;
  auto const page_of = done.batches > 0 ? octets{} : encode_first_page(of.header);
  auto const last = done.batches > 0 ? octet_view{*data}.subspan(static_cast<std::size_t>(at),
                                                                 static_cast<std::size_t>(done.end - at))
                                     : octet_view{page_of};
  if (auto written = in.on->write(at, last); !written) return written;
  return in.on->sync();
}

result<octets> log_store::whole(segment& of) {
  octets data(static_cast<std::size_t>(of.octets));
  auto const got = of.on->read(0, data);
  if (!got) return std::unexpected(got.error());
  data.resize(*got);
  return data;
}

}  // namespace signalbox::storage::log

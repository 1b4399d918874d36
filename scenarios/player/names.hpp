// What `$name` and `${name}` stand for while a scenario plays: values bound by expectations, and the counter n.
#pragma once

#include <map>

#include "scenarios/player/scenario.hpp"

namespace signalbox::player {

class names {
 public:
  void bind(std::string const& name, std::string text) { known_[name] = std::move(text); }
  bool knows(std::string const& name) const { return known_.contains(name); }
  // Names that nobody bound stay as they are written; the parser does not let such a step through.
  std::string resolve(value const& v) const {
    std::string all;
    for (auto const& p : v.pieces) {
      auto const known = p.what == piece::kind::text ? known_.end() : known_.find(p.text);
      all += known == known_.end() ? p.text : known->second;
    }
    return all;
  }

 private:
  std::map<std::string, std::string> known_;
};

}  // namespace signalbox::player

// The tables of the configuration, each with its rows: what parse() and print() walk over.
#pragma once

#include "engine/server/config.hpp"

namespace signalbox::server {

// Calls visit(name, rows, owner) for every table that stands once.
template <class Configuration, class Visit>
void for_each_table(Configuration& all, Visit&& visit) {
  visit("server", server_rows(), all.server);
  visit("smpp", core::smpp_rows(), all.engine.smpp);
  visit("sms", core::sms_rows(), all.engine.sms);
}

}  // namespace signalbox::server

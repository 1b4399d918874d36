// Where field tables print to. A value is described once, as a walk over named parts; a text sink writes it for
// traces and failures (` name=value`), a JSON sink for tools.
#pragma once

#include <string>
#include <vector>

#include "engine/base/bytes.hpp"

namespace signalbox::inline base {

class sink {
 public:
  virtual ~sink() = default;
  virtual void number(std::string_view name, std::uint64_t value, std::string_view meaning = {}) = 0;
  virtual void text(std::string_view name, std::string_view value) = 0;
  virtual void data(std::string_view name, octet_view value) = 0;
  virtual void begin(std::string_view name) = 0;  // a nested object, until end()
  virtual void end() = 0;
  virtual void begin_list(std::string_view name) = 0;  // of objects, each begin("") ... end(), until end_list()
  virtual void end_list() = 0;
};

// name=value pairs separated by blanks; text that is not a plain word is quoted, octets are hex, empty parts are left out.
class text_sink final : public sink {
 public:
  explicit text_sink(std::string& out) : out_(out) {}
  void number(std::string_view name, std::uint64_t value, std::string_view meaning) override;
  void text(std::string_view name, std::string_view value) override;
  void data(std::string_view name, octet_view value) override;
  void begin(std::string_view name) override;
  void end() override;
  void begin_list(std::string_view name) override;
  void end_list() override;

 private:
  void label(std::string_view name);
  std::string& out_;
};

// One JSON object. A number that has a name in its code space is followed by "<field>_name"; octets are hex text.
class json_sink final : public sink {
 public:
  explicit json_sink(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }
  void number(std::string_view name, std::uint64_t value, std::string_view meaning) override;
  void text(std::string_view name, std::string_view value) override;
  void data(std::string_view name, octet_view value) override;
  void begin(std::string_view name) override;
  void end() override;
  void begin_list(std::string_view name) override;
  void end_list() override;

 private:
  void label(std::string_view name);
  std::string& out_;
};

// A JSON string with its quotes. Octets that are not UTF-8 are taken as ISO 8859-1, so nothing is lost.
std::string json_quote(std::string_view text);
// "text" with \" \\ \n \r \t \xNN, as scenario files write it.
std::string quote(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace signalbox::inline base

// Text into parts.
#include "engine/text/split.hpp"

namespace signalbox::text {

namespace {

result<void> check(split_options const& options) {
  auto const bits = options.reference_bits;
  if (bits != 0 && bits != 8 && bits != 16) return failed(errc::bad_value, 0, "reference_bits", "8 or 16");
  if (bits == 8 && options.reference > 0xFF) return failed(errc::bad_value, 0, "reference", "needs 16 bits");
  return {};
}

}  // namespace

result<split_text> split(std::string_view text, split_options const& options) {
  if (auto const good = check(options); !good) return std::unexpected(good.error());
  if (auto const good = check_utf8(text); !good) return std::unexpected(good.error());

  split_text out{.how = choose(text, options)};
  auto const slices = cut(text, out.how, rooms_for(out.how, options));
  if (slices.size() > most_parts)
    return failed(errc::too_long, slices[most_parts].begin, "text", "more than 255 parts");

  for (auto const& s : slices) {
    user_data_header header;
    if (slices.size() > 1)
      header.elements.push_back(
          element_of(concatenation{options.reference, static_cast<std::uint8_t>(slices.size()),
                                   static_cast<std::uint8_t>(out.parts.size() + 1), options.wide_reference()}));
    for (auto& element : elements_of(out.how.tables)) header.elements.push_back(std::move(element));

    part p{.text = std::string(text.substr(s.begin, s.end - s.begin)), .units = s.units};
    if (!header.elements.empty()) p.header = encode_udh(header).value();
    auto body = encode_body(p.text, on_the_air(out.how.set), out.how.tables);
    p.body = std::move(body.data);
    p.content = compose(out.how.set, p.header, p.body);
    out.units += s.units;
    out.replaced += body.replaced;
    out.parts.push_back(std::move(p));
  }
  return out;
}

}  // namespace signalbox::text

#include "engine/smpp/messages.hpp"

namespace signalbox::smpp {

namespace {

constexpr std::size_t max_items = 255;

// dest_address (3.4, 4.5.1.1): what follows dest_flag depends on it. unsuccess_sme is an ordinary table.
constexpr field dest_flag_field{"dest_flag", &destination::dest_flag, base::u8{dest_flags}};
constexpr std::tuple address_fields{
    field{"dest_addr_ton", &destination::dest_addr_ton, base::u8{tons}},
    field{"dest_addr_npi", &destination::dest_addr_npi, base::u8{npis}},
    field{"destination_addr", &destination::destination_addr, limit::address},
};
constexpr std::tuple list_fields{field{"dl_name", &destination::dl_name, limit::dl_name}};

template <class Visit>
bool visit_destination(std::uint8_t dest_flag, Visit visit) {
  auto const each = [&](auto const&... f) { (visit(f), ...); };
  if (dest_flag == dest_flag_address)
    std::apply(each, address_fields);
  else if (dest_flag == dest_flag_list)
    std::apply(each, list_fields);
  else
    return false;
  return true;
}

void get_item(reader& in, destination& d) {
  auto const get = [&](auto const& f) { in.at(f.name), f.shape.get(in, d.*f.member); };
  get(dest_flag_field);
  if (in && !visit_destination(d.dest_flag, get)) in.fail(errc::bad_value, "neither address nor list", 1);
}
void put_item(writer& out, destination const& d) {
  auto const put = [&](auto const& f) { out.at(f.name), f.shape.put(out, d.*f.member); };
  put(dest_flag_field);
  if (!visit_destination(d.dest_flag, put)) out.fail(errc::bad_value, "neither address nor list");
}
void print_item(sink& out, destination const& d) {
  auto const print = [&](auto const& f) { f.shape.print(out, f.name, d.*f.member); };
  print(dest_flag_field);
  visit_destination(d.dest_flag, print);
}
void make_item(entropy& chance, destination& d) {
  d.dest_flag = chance.one_in(2) ? dest_flag_address : dest_flag_list;
  visit_destination(d.dest_flag, [&](auto const& f) { d.*f.member = f.shape.any(chance); });
}

void get_item(reader& in, unsuccess_sme& u) { get_fields(in, u); }
void put_item(writer& out, unsuccess_sme const& u) { put_fields(out, u); }
void print_item(sink& out, unsuccess_sme const& u) { print_fields(out, u); }
void make_item(entropy& chance, unsuccess_sme& u) { u = any_value<unsuccess_sme>(chance); }

}  // namespace

template <class Item>
void counted_list<Item>::get(reader& in, std::vector<Item>& list) const {
  in.at(count_name);
  list.resize(in.u8());
  for (auto& item : list) {
    get_item(in, item);
    if (!in) return;
  }
}

template <class Item>
void counted_list<Item>::put(writer& out, std::vector<Item> const& list) const {
  out.at(count_name);
  if (list.size() > max_items) return out.fail(errc::too_long);
  out.u8(list.size());
  for (auto const& item : list) put_item(out, item);
}

template <class Item>
void counted_list<Item>::print(sink& out, std::string_view name, std::vector<Item> const& list) const {
  out.number(count_name, list.size());
  out.begin_list(name);
  for (auto const& item : list) {
    out.begin("");
    print_item(out, item);
    out.end();
  }
  out.end_list();
}

template <class Item>
std::vector<Item> counted_list<Item>::any(entropy& chance) const {
  std::vector<Item> list(chance.below(6));
  for (auto& item : list) make_item(chance, item);
  return list;
}

template struct counted_list<destination>;
template struct counted_list<unsuccess_sme>;

}  // namespace signalbox::smpp

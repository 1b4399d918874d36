// What the SMPP codec costs per PDU: a submit_sm with 160 octets of text, as an ESME sends it all day, its response,
// one with TLVs, and a read of 64 KiB cut into PDUs.
#include <benchmark/benchmark.h>

#include "engine/smpp/decode_tool.hpp"
#include "engine/smpp/framing.hpp"

namespace signalbox::smpp {
namespace {

submit_sm message_of_160_octets() {
  return {.source_addr_ton = ton::alphanumeric,
          .source_addr = "signalbox",
          .dest_addr_ton = ton::international,
          .dest_addr_npi = npi::isdn,
          .destination_addr = "447700900001",
          .registered_delivery = registered::success_or_failure,
          .short_message = octets(160, 'x')};
}

octets encoded(pdu const& p) {
  octets out;
  if (!encode(p, out)) out.clear();
  return out;
}

pdu const submit{.sequence_number = 1, .body = message_of_160_octets()};
pdu const submit_response{.sequence_number = 1, .body = submit_sm_resp{.message_id = "1234567890"}};
pdu const receipt = [] {
  deliver_sm d{.source_addr = "447700900001", .destination_addr = "signalbox", .esm_class = esm::type_delivery_receipt};
  d.short_message = octets(110, 'r');
  d.tlvs = {make_cstr(tag::receipted_message_id, "1234567890"), make_u8(tag::message_state, message_state::delivered)};
  return pdu{.sequence_number = 1, .body = d};
}();

void decode_bench(benchmark::State& state, pdu const& p) {
  auto const bytes = encoded(p);
  for (auto _ : state) benchmark::DoNotOptimize(decode(bytes));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(decode_bench, submit_sm_160, submit);
BENCHMARK_CAPTURE(decode_bench, submit_sm_resp, submit_response);
BENCHMARK_CAPTURE(decode_bench, receipt_with_two_tlvs, receipt);

void encode_bench(benchmark::State& state, pdu const& p) {
  octets out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(encode(p, out));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(encode_bench, submit_sm_160, submit);
BENCHMARK_CAPTURE(encode_bench, submit_sm_resp, submit_response);
BENCHMARK_CAPTURE(encode_bench, receipt_with_two_tlvs, receipt);

void decode_and_encode(benchmark::State& state) {
  auto const bytes = encoded(submit);
  octets out;
  for (auto _ : state) {
    out.clear();
    auto const read = decode(bytes);
    benchmark::DoNotOptimize(encode(*read, out));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode_and_encode);

void frame_64_KiB(benchmark::State& state) {
  octets chunk;
  std::int64_t pdus = 0;
  for (; chunk.size() < 65'536; ++pdus) {
    if (!encode(submit, chunk)) return;
  }
  for (auto _ : state) {
    framer f;
    f.feed(chunk);
    while (auto const whole = f.next()) benchmark::DoNotOptimize(whole->data());
  }
  state.SetItemsProcessed(state.iterations() * pdus);
}
BENCHMARK(frame_64_KiB);

void text_for_a_trace(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(to_text(submit));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(text_for_a_trace);

}  // namespace
}  // namespace signalbox::smpp

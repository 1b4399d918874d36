#include "engine/server/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/server/clock.hpp"
#include "engine/server/loop_inside.hpp"

namespace signalbox::server {

namespace asio = boost::asio;

loop::loop() : in_(std::make_unique<inside>()) {}
loop::~loop() = default;

void loop::run() {
  auto const keep = asio::make_work_guard(in_->context);
  in_->context.restart();
  in_->context.run();
}

void loop::stop() { in_->context.stop(); }

bool loop::run_until(instant until, std::function<bool()> const& done) {
  auto const keep = asio::make_work_guard(in_->context);
  auto const end = std::chrono::steady_clock::time_point(until.time_since_epoch());
  in_->context.restart();
  while (!done())
    if (in_->context.run_one_until(end) == 0) return done();
  return true;
}

void loop::post(std::function<void()> work) { asio::post(in_->context, std::move(work)); }

void loop::after(duration delay, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(in_->context, delay);
  timer->async_wait([timer, work = std::move(work)](boost::system::error_code const& error) {
    if (!error) work();
  });
}

namespace {

void wait_for_signal(std::shared_ptr<asio::signal_set> const& set, std::function<void(int)> const& handler) {
  set->async_wait([set, handler](boost::system::error_code const& error, int number) {
    if (error) return;
    handler(number);
    wait_for_signal(set, handler);
  });
}

}  // namespace

void loop::on_signals(std::vector<int> const& numbers, std::function<void(int)> handler) {
  auto const set = std::make_shared<asio::signal_set>(in_->context);
  for (int const number : numbers) set->add(number);
  wait_for_signal(set, handler);
}

}  // namespace signalbox::server

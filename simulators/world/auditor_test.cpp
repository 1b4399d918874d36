// The auditor by itself: short transcripts, each keeping the rules or breaking one of them.
#include "simulators/world/auditor.hpp"

#include <gtest/gtest.h>

namespace signalbox::simulators {
namespace {

using place = observer::place;

constexpr std::uint64_t alphas = 1, betas = 2, betas_second = 3;  // links

// Alpha (numbers 1...) sends to beta (numbers 2...).
struct transcript {
  explicit transcript(auditor::knowledge known) : actors_only(known.actors_only), audit(std::move(known)) {
    bind(alphas, "alpha");
    bind(betas, "beta");
    bind(betas_second, "beta");
  }
  static auditor::knowledge both_ends() {
    return {.owners = {{"1", "alpha"}, {"2", "beta"}}, .retry_delays = {2s, 4s}};
  }
  static auditor::knowledge actors() { return {.actors_only = true, .owners = {{"1", "alpha"}, {"2", "beta"}}}; }

  enum class fate { arrives, lost };
  void said(std::uint64_t link, place by, smpp::pdu const& what, fate how = fate::arrives) {
    octets data;
    ASSERT_TRUE(smpp::encode(what, data));
    auto const other = by == place::actor ? place::system : place::actor;
    if (!actors_only || by == place::actor) audit.on_sent(link, by, data, now);
    if (how == fate::arrives && (!actors_only || other == place::actor)) audit.on_arrived(link, other, data, now);
  }
  void bind(std::uint64_t link, std::string who) {
    smpp::bind_transceiver b;
    b.system_id = std::move(who);
    said(link, place::actor, {.sequence_number = 1, .body = b});
  }

  void submit(std::uint32_t sequence, std::string_view text, std::uint64_t link = alphas) {
    smpp::submit_sm m;
    m.source_addr = link == alphas ? "100" : "200";
    m.destination_addr = link == alphas ? "200" : "100";
    m.registered_delivery = 1;
    m.short_message = octets_of(text);
    said(link, place::actor, {.sequence_number = sequence, .body = m});
  }
  void acknowledge(std::uint32_t sequence, std::string id, fate how = fate::arrives, std::uint64_t link = alphas) {
    said(link, place::system, {.sequence_number = sequence, .body = smpp::submit_sm_resp{std::move(id)}}, how);
  }
  void refuse(std::uint32_t sequence, std::uint32_t status = smpp::ESME_RSYSERR) {
    said(alphas, place::system,
         {.command_status = status, .sequence_number = sequence, .body = smpp::submit_sm_resp{}});
  }
  void deliver(std::uint64_t link, std::uint32_t sequence, std::string_view text, std::string to = {}) {
    smpp::deliver_sm m;
    m.source_addr = link == alphas ? "200" : "100";
    m.destination_addr = !to.empty() ? std::move(to) : link == alphas ? "100" : "200";
    m.short_message = octets_of(text);
    said(link, place::system, {.sequence_number = sequence, .body = m});
  }
  void receipt(std::uint32_t sequence, std::string_view id, std::string_view text, std::string_view state = "DELIVRD",
               std::uint64_t link = alphas) {
    smpp::deliver_sm m;
    m.source_addr = link == alphas ? "200" : "100";
    m.destination_addr = link == alphas ? "100" : "200";
    m.esm_class = smpp::esm::type_delivery_receipt;
    m.short_message =
        octets_of("id:" + std::string(id) + " sub:001 dlvrd:001 submit date:1 done date:2 stat:" + std::string(state) +
                  " err:" + (state == "DELIVRD" ? "000" : "010") + " text:" + std::string(text.substr(0, 20)));
    said(link, place::system, {.sequence_number = sequence, .body = m});
  }
  void answer(std::uint64_t link, std::uint32_t sequence, std::uint32_t status = smpp::ESME_ROK,
              fate how = fate::arrives) {
    said(link, place::actor, {.command_status = status, .sequence_number = sequence, .body = smpp::deliver_sm_resp{}},
         how);
  }
  void commit(bool succeeds = true) {
    if (actors_only) return;
    audit.on_commit_begun(now);
    audit.on_commit(succeeds, now);
  }
  // From the submission to the answered receipt, everything as it should be.
  void whole_life(std::uint32_t sequence, std::string const& id, std::string_view text) {
    submit(sequence, text);
    acknowledge(sequence, id);
    deliver(betas, sequence, text);
    answer(betas, sequence);
    commit();
    receipt(sequence, id, text);
    answer(alphas, sequence);
    commit();
  }

  bool actors_only;
  auditor audit;
  moment now{};
};

struct script {
  char const* name;
  int rule;  // that must be broken, alone; 0: none
  void (*play)(transcript&);
};

constexpr auto lost = transcript::fate::lost;

script const scripts[] = {
    {"all is well", 0, [](transcript& t) { t.whole_life(2, "1", "hello"); }},
    {"an answer that never came may stand for another id", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1", lost);
       t.whole_life(3, "2", "hello");
       t.deliver(betas, 9, "hello");
       t.answer(betas, 9);
       t.commit();
       t.receipt(9, "1", "hello");
     }},
    {"a temporary failure, then delivered", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2, smpp::ESME_RX_T_APPN);
       t.commit();
       t.now = t.now + 2s;
       t.deliver(betas, 3, "hello");
       t.answer(betas, 3);
       t.commit();
       t.receipt(2, "1", "hello");
     }},
    {"refused for good", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2, smpp::ESME_RINVDSTADR);
       t.commit();
       t.receipt(2, "1", "hello", "UNDELIV");
     }},
    {"the receiver's answer was lost, so it comes again", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2, smpp::ESME_ROK, lost);
       t.deliver(betas_second, 2, "hello");
       t.answer(betas_second, 2);
       t.commit();
       t.receipt(2, "1", "hello");
     }},

    {"acknowledged and never delivered", 1,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.receipt(2, "1", "hello");
     }},
    {"acknowledged and given up after a temporary failure", 1,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2, smpp::ESME_RX_T_APPN);
       t.receipt(2, "1", "hello");
     }},
    {"refused and delivered", 2,
     [](transcript& t) {
       t.submit(2, "hello");
       t.refuse(2);
       t.deliver(betas, 2, "hello");
     }},
    {"delivered again after all was done", 3,
     [](transcript& t) {
       t.whole_life(2, "1", "hello");
       t.whole_life(3, "2", "other");  // for those who see no commits: shows that the first is done
       t.submit(4, "from beta", betas);
       t.acknowledge(4, "3", transcript::fate::arrives, betas);
       t.deliver(alphas, 8, "from beta");
       t.deliver(betas, 9, "hello");
     }},
    {"nobody sent it", 3, [](transcript& t) { t.deliver(betas, 2, "hello"); }},
    {"no receipt", 4,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2);
     }},
    {"a receipt for an id that nobody was told", 4,
     [](transcript& t) {
       t.whole_life(2, "1", "hello");
       t.receipt(9, "5", "hello");
     }},
    {"a receipt that says more than the receiver did", 5,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.receipt(2, "1", "hello");
       t.answer(betas, 2);
     }},
    {"a receipt that says less than the receiver did", 5,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2);
       t.receipt(2, "1", "hello", "UNDELIV");
     }},
    {"a receipt of a text nobody sent", 5,
     [](transcript& t) {
       t.whole_life(2, "1", "hello");
       t.receipt(9, "1", "goodbye");
     }},
    {"a receipt that went to somebody else", 5,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2);
       t.receipt(3, "1", "hello", "DELIVRD", betas);
     }},
    {"the end of the text is another one", 6,
     [](transcript& t) {
       t.submit(2, "a text of more than twenty characters");
       t.deliver(betas, 2, "a text of more than twenty characterz");
     }},
    {"another destination", 6,
     [](transcript& t) {
       t.submit(2, "hello");
       t.deliver(betas, 2, "hello", "201");
     }},
    {"delivered to somebody else", 6,
     [](transcript& t) {
       t.submit(2, "hello");
       t.deliver(alphas, 2, "hello", "200");
     }},
    {"one id for two messages", 8,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2);
       t.receipt(2, "1", "hello");
       t.submit(3, "hello");
       t.acknowledge(3, "1");
     }},
};

// What only commits can tell.
script const scripts_with_commits[] = {
    {"the commit failed, so it comes again", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2);
       t.commit(false);
       t.deliver(betas, 3, "hello");
       t.answer(betas, 3);
       t.commit();
       t.receipt(2, "1", "hello");
     }},
    {"the power was cut during the commit, so it comes again", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2);
       t.audit.on_commit_begun(t.now);
       t.audit.on_power_cut(t.now);
       t.audit.on_commit(true, t.now);
       t.deliver(betas, 3, "hello");
       t.answer(betas, 3);
       t.commit();
       t.receipt(2, "1", "hello");
     }},
    {"the answer came too late, so it comes again", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.deliver(betas, 2, "hello");
       t.now = t.now + 30s;
       t.answer(betas, 2);
       t.commit();
       t.deliver(betas, 3, "hello");
       t.answer(betas, 3);
       t.commit();
       t.receipt(2, "1", "hello");
     }},
    {"a second receipt after the first was done", 4,
     [](transcript& t) {
       t.whole_life(2, "1", "hello");
       t.receipt(9, "1", "hello");
       t.answer(alphas, 9);
       t.commit();
     }},
    {"tried again at once", 7,
     [](transcript& t) {
       t.submit(2, "hello");
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2, smpp::ESME_RX_T_APPN);
       t.commit();
       t.now = t.now + 1999ms;
       t.deliver(betas, 3, "hello");
     }},
    {"the second retry after the first one's delay", 7,
     [](transcript& t) {
       t.submit(2, "hello");
       for (std::uint32_t n = 0; n < 3; ++n) {
         t.deliver(betas, 2 + n, "hello");
         t.answer(betas, 2 + n, smpp::ESME_RX_T_APPN);
         t.commit();
         t.now = t.now + 2s;
       }
     }},
    {"the second retry after the first one's delay, but another message shares its destination", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.submit(3, "other");
       for (std::uint32_t n = 0; n < 3; ++n) {
         t.deliver(betas, 2 + n, "hello");
         t.answer(betas, 2 + n, smpp::ESME_RX_T_APPN);
         t.commit();
         t.now = t.now + 2s;
       }
     }},
};

// What only the order on one connection can tell.
script const scripts_of_actors[] = {
    {"answered on a connection that was lost before anything else was acknowledged on it", 0,
     [](transcript& t) {
       t.submit(2, "hello");
       t.acknowledge(2, "1");
       t.submit(2, "from beta", betas);  // before the answer, so it shows nothing
       t.deliver(betas, 2, "hello");
       t.answer(betas, 2);
       t.acknowledge(2, "2", transcript::fate::arrives, betas);
       t.audit.end_of_link(betas);
       t.deliver(alphas, 2, "from beta");
       t.answer(alphas, 2);
       t.receipt(4, "1", "hello");
       t.deliver(betas_second, 2, "hello");
       t.answer(betas_second, 2);
       t.receipt(3, "2", "from beta", "DELIVRD", betas_second);
     }},
    {"a second receipt after the first was done", 4,
     [](transcript& t) {
       t.whole_life(2, "1", "hello");
       t.whole_life(3, "2", "other");
       t.receipt(9, "1", "hello");
     }},
};

void check(script const& s, auditor::knowledge known) {
  SCOPED_TRACE(s.name);
  transcript t(std::move(known));
  s.play(t);
  std::string all;
  bool mine = false;
  for (auto const& each : t.audit.broken_rules()) {
    all += each + "\n";
    mine |= each.starts_with("rule " + std::to_string(s.rule) + ":");
  }
  if (s.rule == 0)
    EXPECT_EQ(all, "");
  else
    EXPECT_TRUE(mine) << all;
}

TEST(auditor, sees_both_ends) {
  for (auto const& s : scripts) check(s, transcript::both_ends());
  for (auto const& s : scripts_with_commits) check(s, transcript::both_ends());
}

TEST(auditor, sees_the_actors_only) {
  for (auto const& s : scripts) check(s, transcript::actors());
  for (auto const& s : scripts_of_actors) check(s, transcript::actors());
}

TEST(auditor, is_settled_when_everything_acknowledged_is_delivered_and_told) {
  transcript t(transcript::actors());
  EXPECT_TRUE(t.audit.settled());
  t.submit(2, "hello");
  EXPECT_TRUE(t.audit.settled());
  t.acknowledge(2, "1");
  EXPECT_FALSE(t.audit.settled());
  t.deliver(betas, 2, "hello");
  EXPECT_FALSE(t.audit.settled());
  t.answer(betas, 2);
  EXPECT_FALSE(t.audit.settled());
  t.receipt(2, "1", "hello");
  EXPECT_TRUE(t.audit.settled());
}

}  // namespace
}  // namespace signalbox::simulators

// Each question is answered exactly once, whatever happens.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <vector>

#include "core/native/asked_site.h"

namespace drupalrt {
namespace {

// Holds the threads that come to it until it is opened.
class Gate {
 public:
  void Open() { opened_.set_value(); }
  void Arrive() {
    ++waiting_;
    future_.wait();
  }
  void AwaitArrivals(int count) const {
    while (waiting_ < count) std::this_thread::yield();
  }

 private:
  std::promise<void> opened_;
  std::shared_future<void> future_ = opened_.get_future().share();
  std::atomic<int> waiting_ = 0;
};

class AsyncDrupalTest : public testing::Test {
 protected:
  RecordedSite site_{"drupal10-nodes"};
  std::shared_ptr<Drupal> drupal_ = Open(SqliteDocument(site_.path(), 10));
};

TEST_F(AsyncDrupalTest, AnswersOnAThreadOfItsOwn) {
  AsyncDrupal async(drupal_);
  std::promise<std::string> name;
  async.Ask([](Drupal& drupal) { return drupal.AccountOf(4); },
            [&](Answer<Account> account) { name.set_value(account->name); });
  EXPECT_EQ(name.get_future().get(), "member4");
}

TEST_F(AsyncDrupalTest, EveryQuestionOfManyThreadsIsAnsweredOnce) {
  constexpr int kQuestions = 400;
  std::vector<std::atomic<int>> answers(kQuestions * 2);
  std::atomic<int> good = 0;
  {
    AsyncDrupal async(drupal_, {.threads = 3, .queue_limit = 10});
    const auto ask = [&](int from) {
      for (int i = from; i < from + kQuestions; ++i) {
        async.Ask([](Drupal& drupal) { return drupal.Access("x", 4); },
                  [&answers, &good, i](const Answer<Decision>& answer) {
                    ++answers[static_cast<size_t>(i)];
                    good += answer.ok() ? 1 : 0;
                    EXPECT_TRUE(answer.ok() ||
                                answer.error().code == ErrorCode::kUnavailable);
                  });
      }
    };
    std::thread other(ask, kQuestions);
    ask(0);
    other.join();
    // Some of them wait in the queue, and have their turn.
    while (good == 0) std::this_thread::yield();
  }
  for (const auto& count : answers) EXPECT_EQ(count, 1);
}

TEST_F(AsyncDrupalTest, WhatDoesNotFitTheQueueIsRefusedAtOnce) {
  Gate gate;
  std::vector<ErrorCode> refused;
  std::atomic<int> answered = 0;
  {
    AsyncDrupal async(drupal_, {.threads = 1, .queue_limit = 1});
    const auto ask = [&] {
      async.Ask(
          [&](Drupal& drupal) {
            gate.Arrive();
            return drupal.AccountOf(4);
          },
          [&](const Answer<Account>& account) {
            ++answered;
            if (!account) refused.push_back(account.error().code);
          });
    };
    ask();
    gate.AwaitArrivals(1);
    ask();  // waits
    ask();
    EXPECT_EQ(refused, std::vector<ErrorCode>{ErrorCode::kUnavailable});
    EXPECT_EQ(answered, 1);
    gate.Open();
  }
  EXPECT_EQ(answered, 3);
}

TEST_F(AsyncDrupalTest, ACallbackMayHoldTheLastReferenceToIt) {
  std::promise<void> let_go;
  {
    auto async = std::make_shared<AsyncDrupal>(
        drupal_, AsyncDrupal::Options{.threads = 2});
    std::promise<void> mine_gone;
    auto others = std::make_shared<std::shared_ptr<AsyncDrupal>>(async);
    async->Ask([](Drupal& drupal) { return drupal.AccountOf(4); },
               [others, &let_go,
                gone = mine_gone.get_future().share()](const Answer<Account>&) {
                 gone.wait();
                 others->reset();
                 let_go.set_value();
               });
    async.reset();
    others.reset();
    mine_gone.set_value();
    let_go.get_future().wait();
  }
}

TEST_F(AsyncDrupalTest, WhatWaitsAtTheEndIsAnswered) {
  Gate gate;
  std::atomic<int> answered = 0;
  auto async = std::make_unique<AsyncDrupal>(
      drupal_, AsyncDrupal::Options{.threads = 1, .queue_limit = 100});
  for (int i = 0; i < 5; ++i) {
    async->Ask(
        [&](Drupal& drupal) {
          gate.Arrive();
          return drupal.AccountOf(4);
        },
        [&](const Answer<Account>&) { ++answered; });
  }
  gate.AwaitArrivals(1);
  std::thread end([&] { async = nullptr; });
  gate.Open();
  end.join();
  EXPECT_EQ(answered, 5);
}

TEST_F(AsyncDrupalTest, AQuestionThatThrowsIsAnsweredAndACallbackMayThrow) {
  AsyncDrupal async(drupal_, {.threads = 1, .queue_limit = 10});
  std::promise<ErrorCode> code;
  async.Ask(
      [](Drupal& drupal) -> Answer<Account> {
        if (drupal.AccountOf(4).ok()) throw std::runtime_error("a bug");
        return Error();
      },
      [&](const Answer<Account>& account) {
        code.set_value(account.error().code);
        throw std::runtime_error("another");
      });
  EXPECT_EQ(code.get_future().get(), ErrorCode::kInternal);
  std::promise<bool> alive;
  async.Ask(
      [](Drupal& drupal) { return drupal.AccountOf(4); },
      [&](const Answer<Account>& account) { alive.set_value(account.ok()); });
  EXPECT_TRUE(alive.get_future().get());
}

}  // namespace
}  // namespace drupalrt

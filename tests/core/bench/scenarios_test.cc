// The whole generator against the bare loop, on loopback.
#include "bench/scenarios.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "bench/limit_server.h"

namespace rt::bench {
namespace {

using testing::HasSubstr;

class ScenariosTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto listener = ListenTcp(address);
    ASSERT_TRUE(listener.ok());
    listener_ = std::move(listener).value();
    socklen_t size = sizeof(address);
    getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    stop_ = Descriptor(eventfd(0, 0));
    server_ = std::thread(
        [this] { ServeLimit(listener_, stop_, /*coalesce=*/GetParam()); });
    target_.server = "limit";
    target_.pid = getpid();
    target_.publisher.address =
        "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  void TearDown() override {
    eventfd_write(stop_.get(), 1);
    server_.join();
  }

  OnMeasurement Keep() {
    return [this](const Measurement& m) { measured_.push_back(m); };
  }

  Target target_;
  std::vector<Measurement> measured_;

 private:
  Descriptor listener_;
  Descriptor stop_;
  std::thread server_;
};

TEST_P(ScenariosTest, FanOutReachesEverySubscriberForEachInFlight) {
  FanOutOptions options;
  options.subscribers = 50;
  options.in_flight = {1, 16};
  options.seconds = 0.02;

  ASSERT_TRUE(MeasureFanOut(target_, options, Keep()).ok());

  ASSERT_EQ(measured_.size(), 2u);
  EXPECT_EQ(measured_[0].scenario, "fanout");
  EXPECT_EQ(measured_[1].in_flight, 16);
  for (const Measurement& m : measured_) {
    const auto deliveries = static_cast<int64_t>(m.values.at(kDeliveries));
    EXPECT_GT(deliveries, 0);
    EXPECT_EQ(deliveries % 50, 0);
    EXPECT_GT(m.values.at(kCpuPerMillionS), 0);
  }
}

TEST_P(ScenariosTest, ChannelsAreToldApart) {
  FanOutOptions options;
  options.subscribers = options.channels = 20;
  options.in_flight = {64};
  options.seconds = 0.02;

  ASSERT_TRUE(MeasureFanOut(target_, options, Keep()).ok());
  EXPECT_EQ(measured_.at(0).scenario, "channels");
}

TEST_P(ScenariosTest, LargeMessagesArriveThoughTheyComeInPieces) {
  FanOutOptions options;
  options.subscribers = 2;
  options.payload_bytes = 60000;
  options.in_flight = {64};
  options.seconds = 0.02;

  EXPECT_TRUE(MeasureFanOut(target_, options, Keep()).ok());
}

TEST_P(ScenariosTest, IdleCountsConnectionsInSteps) {
  IdleOptions options;
  options.connections = {10, 30};
  options.look_seconds = 0.01;

  ASSERT_TRUE(MeasureIdle(target_, options, Keep()).ok());

  ASSERT_EQ(measured_.size(), 2u);
  EXPECT_EQ(measured_[1].subscribers, 30);
  EXPECT_GT(measured_[1].values.at(kConnectionsPerS), 0);
}

TEST_P(ScenariosTest, AServerThatIsNotThereFailsTheMeasurement) {
  target_.publisher.address = "127.0.0.1:1";
  FanOutOptions options;

  const Status status = MeasureFanOut(target_, options, Keep());

  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("can't connect"));
  EXPECT_TRUE(measured_.empty());
}

INSTANTIATE_TEST_SUITE_P(Limit, ScenariosTest, testing::Bool(),
                         [](const auto& loop) {
                           return loop.param ? "Coalescing" : "Plain";
                         });

}  // namespace
}  // namespace rt::bench

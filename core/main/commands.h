// The subcommands of drupalrtd. Each reads its own arguments, argv[0] being
// the subcommand's name, does its work and returns the exit status: 0 done,
// 1 failed, 2 wrong usage or configuration. What went wrong is one sentence on
// stderr that says what to change.
#pragma once

namespace rt {

int ServeCommand(int argc, char** argv);
int CheckCommand(int argc, char** argv);
int ConfigCommand(int argc, char** argv);
int StopCommand(int argc, char** argv);
int RestartCommand(int argc, char** argv);
int StatusCommand(int argc, char** argv);
int WhoisCommand(int argc, char** argv);
int AccessCommand(int argc, char** argv);
int AccountCommand(int argc, char** argv);
int NodeCommand(int argc, char** argv);
int ValueCommand(int argc, char** argv);
int PublishCommand(int argc, char** argv);
int TailCommand(int argc, char** argv);
int TokenCommand(int argc, char** argv);

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;

}  // namespace rt

// window.chat("open"): also before the loader has come, by the usual stub.

export type Command = "open" | "close" | "toggle";

type Chat = ((command: string) => void) & { q?: ArrayLike<string>[] };

export function takeCommands(actions: Record<Command, () => void>): void {
  const page = window as Window & { chat?: Chat };
  const waiting = page.chat?.q ?? [];

  const run = (command: string | undefined) => {
    if (command !== undefined && Object.hasOwn(actions, command)) {
      actions[command as Command]();
    }
  };

  page.chat = run;

  for (const call of waiting) {
    run(call[0]);
  }
}

import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../shared/ui/avatar.tsx";
import { TypingDots } from "../shared/ui/typing-dots.tsx";
import { usePanel } from "./context.ts";

/** Who types has said so in the last six seconds. */
const EXPIRES = 6000;

export function Typing() {
  const { store, t } = usePanel();
  const typing = store.chat.value?.typing;
  const [expired, setExpired] = useState(0);

  useEffect(() => {
    if (!typing) {
      return;
    }

    const left = typing.at + EXPIRES - Date.now();
    const timer = setTimeout(() => setExpired(typing.at), left);
    return () => clearTimeout(timer);
  }, [typing]);

  if (!typing || typing.at === expired) {
    return null;
  }

  const name = typing.name || t("operator");

  return (
    <div class="group typing">
      <Avatar name={name} size="s" />
      <p class="bubble dots">
        <TypingDots />
        <span class="lc-hidden">{t("typing", { name })}</span>
      </p>
    </div>
  );
}

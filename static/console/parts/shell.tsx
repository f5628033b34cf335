// What stands around every page: the rail, the bar, the banner.

import archive from "icon:archive";
import ban from "icon:ban";
import chevronLeft from "icon:chevron-left";
import clipboardList from "icon:clipboard-list";
import ellipsis from "icon:ellipsis";
import footprints from "icon:footprints";
import inbox from "icon:inbox";
import keyboard from "icon:keyboard";
import logOutIcon from "icon:log-out";
import messageOff from "icon:message-square-off";
import palette from "icon:palette";
import search from "icon:search";
import settings from "icon:settings";
import target from "icon:target";
import users from "icon:users";
import volume2 from "icon:volume-2";
import volumeX from "icon:volume-x";
import wifiOff from "icon:wifi-off";
import type { ComponentChildren } from "preact";
import type { Operator, Status } from "../../shared/types.ts";
import { Icon, type IconNodes } from "../../shared/ui/icon.tsx";
import { t } from "../i18n.ts";
import { hrefOf, PLACES, type Place, route } from "../router.ts";
import { chooseStatus } from "../state/actions.ts";
import { counts } from "../state/conversations.ts";
import { online, streamState } from "../state/live.ts";
import { problemText } from "../state/names.ts";
import { say } from "../state/notices.ts";
import { overlay } from "../state/overlay.ts";
import { prefs, setPrefs } from "../state/prefs.ts";
import { logOut, mayOpen, me } from "../state/session.ts";
import { colleagues } from "../state/team.ts";
import { Brand } from "./brand.tsx";
import { IconButton } from "./button.tsx";
import { narrow } from "./media.ts";
import { availabilityOf, OperatorFace } from "./person.tsx";
import { Popover } from "./popover.tsx";

const ICONS: Record<Place, IconNodes> = {
  inbox,
  visitors: footprints,
  history: archive,
  blocks: ban,
  triggers: target,
  brand: palette,
  form: clipboardList,
  words: messageOff,
  team: users,
  account: settings,
};

const STATUSES: readonly Status[] = ["online", "away", "offline"];

/** So many fit beside "more" on a phone, with names that are long. */
const ON_PHONE = 4;

function PlaceLink({ name }: { name: Place }) {
  const here = route.value.name;
  const attention = counts.value.attention;
  const current =
    here === name || (name === "inbox" && here === "conversation");
  return (
    <a href={hrefOf({ name })} aria-current={current ? "page" : undefined}>
      <Icon nodes={ICONS[name]} size={20} />
      <span>{t(`nav.${name}`)}</span>
      {name === "inbox" && attention > 0 && (
        <b class="badge" aria-hidden="true">
          {attention > 99 ? "99+" : attention}
        </b>
      )}
    </a>
  );
}

function More({ places }: { places: Place[] }) {
  const within = places.some((name) => name === route.value.name);
  return (
    <Popover
      class={within ? "more current" : "more"}
      label={t("nav.more")}
      button={
        <>
          <Icon nodes={ellipsis} size={20} />
          <span>{t("nav.more")}</span>
        </>
      }
    >
      {(close) => (
        <ul class="menu">
          {places.map((name) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the link has the keys
            <li key={name} onClick={close}>
              <PlaceLink name={name} />
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

export function Rail() {
  const places = PLACES.filter(mayOpen);
  const shown =
    narrow.value && places.length > ON_PHONE + 1
      ? places.slice(0, ON_PHONE)
      : places;
  const rest = places.slice(shown.length);
  return (
    <nav class="rail" aria-label={t("nav.main")}>
      {shown.map((name) => (
        <PlaceLink key={name} name={name} />
      ))}
      {rest.length > 0 && <More places={rest} />}
    </nav>
  );
}

function Presence({ self }: { self: Operator }) {
  const status = t(`status.${self.status}`);
  const label = t("status.mine", { status });
  return (
    <Popover
      class="presence"
      label={label}
      button={
        <>
          <i class={`dot ${self.status}`} />
          <span>{status}</span>
        </>
      }
    >
      {(close) => (
        <ul class="menu">
          {STATUSES.map((name) => (
            <li key={name}>
              <button
                type="button"
                aria-pressed={self.status === name}
                onClick={() => {
                  close();
                  void chooseStatus(name);
                }}
              >
                <i class={`dot ${name}`} />
                <span>
                  {t(`status.${name}`)}
                  <small>{t(`status.${name}Hint`)}</small>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

function Colleagues({ self }: { self: Operator }) {
  const others = colleagues.value.filter(({ id }) => id !== self.id);
  const there = others.filter((one) => availabilityOf(one) === "online");
  if (others.length === 0) {
    return null;
  }
  return (
    <Popover
      class="colleagues"
      label={t("colleagues.count", { n: there.length })}
      button={
        <span class="faces">
          {(there.length > 0 ? there : others).slice(0, 3).map((one) => (
            <OperatorFace key={one.id} operator={one} />
          ))}
        </span>
      }
    >
      {() => (
        <>
          <h2 class="menu-title">{t("colleagues.title")}</h2>
          <ul class="people">
            {others.map((one) => {
              const availability = availabilityOf(one);
              const absent = one.status === "online" && !one.present;
              return (
                <li key={one.id}>
                  <OperatorFace operator={one} />
                  <span>{one.name}</span>
                  <small>
                    {absent ? t("status.absent") : t(`status.${availability}`)}
                  </small>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </Popover>
  );
}

async function leave(): Promise<void> {
  try {
    await logOut();
  } catch (error) {
    say(problemText(error), true);
  }
}

function MyMenu({ close }: { close(): void }) {
  const help = () => {
    close();
    overlay.value = "help";
  };
  return (
    <ul class="menu">
      <li>
        <a href={hrefOf({ name: "account" })} onClick={close}>
          <Icon nodes={settings} size={16} />
          {t("nav.account")}
        </a>
      </li>
      <li>
        <button type="button" onClick={help}>
          <Icon nodes={keyboard} size={16} />
          {t("nav.help")}
        </button>
      </li>
      <li>
        <button type="button" onClick={() => void leave()}>
          <Icon nodes={logOutIcon} size={16} />
          {t("nav.logOut")}
        </button>
      </li>
    </ul>
  );
}

function Me({ self }: { self: Operator }) {
  return (
    <Popover
      label={self.name}
      button={<OperatorFace operator={self} availability={self.status} />}
    >
      {(close) => (
        <>
          <div class="menu-who">
            <strong>{self.name}</strong>
            <small>
              {self.login} · {t(`role.${self.role}`)}
            </small>
          </div>
          <MyMenu close={close} />
        </>
      )}
    </Popover>
  );
}

export function Bar() {
  const self = me();
  const { sound } = prefs.value;
  return (
    <header class="bar">
      <Brand />
      <button
        type="button"
        class="jump"
        aria-label={`${t("nav.jump")} Ctrl K`}
        onClick={() => {
          overlay.value = "palette";
        }}
      >
        <Icon nodes={search} size={16} />
        <span>{t("nav.jump")}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div class="bar-end">
        <IconButton
          icon={sound ? volume2 : volumeX}
          label={t(sound ? "sound.on" : "sound.off")}
          onClick={() => setPrefs({ sound: !sound })}
        />
        {self && (
          <>
            <Colleagues self={self} />
            <Presence self={self} />
            <Me self={self} />
          </>
        )}
      </div>
    </header>
  );
}

/** Says nothing of a hiccup: the stream comes back before it can be read. */
export function Banner() {
  if (online.value && streamState.value !== "offline") {
    return null;
  }
  return (
    <div class="banner" role="status">
      <Icon nodes={wifiOff} size={16} />
      {t("live.offline")}
    </div>
  );
}

export function Page(props: {
  title: string;
  lead?: string;
  /** Where it belongs to. */
  back?: readonly [href: string, text: string];
  action?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="page">
      <div class="page-body">
        {props.back && (
          <a class="back" href={props.back[0]}>
            <Icon nodes={chevronLeft} size={16} />
            {props.back[1]}
          </a>
        )}
        <header class="page-head">
          <div>
            <h1>{props.title}</h1>
            {props.lead && <p class="muted">{props.lead}</p>}
          </div>
          {props.action}
        </header>
        {props.children}
      </div>
    </div>
  );
}

import type { Translation } from "../shared/i18n.ts";
import type { WidgetCatalogue } from "./widget.en.ts";

const de: Translation<WidgetCatalogue> = {
  title: "Schreiben Sie uns",
  online: "Wir sind online",
  away: "Wir sind gerade nicht da",
  withOperator: "{name} ist da",
  waiting: "Wir sind gleich für Sie da",
  close: "Chat schließen",
  end: "Beenden",
  endAsk: "Dieses Gespräch beenden?",
  endHint: "Sie können jederzeit ein neues beginnen.",
  endYes: "Beenden",
  endNo: "Weiterchatten",
  ended: "Dieses Gespräch ist beendet",
  startNew: "Neues beginnen",
  log: "Gespräch",
  message: "Ihre Nachricht",
  placeholder: "Nachricht schreiben…",
  send: "Senden",
  you: "Sie",
  operator: "Kundendienst",
  sending: "Wird gesendet…",
  sent: "Gesendet",
  read: "Gelesen",
  waitingToSend: "Noch nicht gesendet",
  failed: "Nicht gesendet",
  retry: "Erneut versuchen",
  remove: "Entfernen",
  typing: "{name} schreibt…",
  joined: "{name} ist jetzt dabei",
  queued: "Sie sind wieder in der Warteschlange",
  newMessages: { one: "{n} neue Nachricht", other: "{n} neue Nachrichten" },
  loadingOlder: "Frühere Nachrichten werden geladen…",
  offline: "Sie sind offline. Nachrichten werden später gesendet.",
  reconnecting: "Verbindung wird wiederhergestellt…",
  loading: "Chat wird geöffnet…",
  errorTitle: "Der Chat lässt sich nicht öffnen",
  errorHint:
    "Bitte prüfen Sie die Verbindung oder versuchen Sie es gleich noch einmal.",
  charactersLeft: {
    one: "noch {n} Zeichen",
    other: "noch {n} Zeichen",
  },
  tooLong: { one: "{n} Zeichen zu viel", other: "{n} Zeichen zu viel" },
};

export default de;

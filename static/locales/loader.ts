// The few texts of the launcher; the panel's come with the panel.

export type LoaderLocale = "en" | "fr" | "de";

export interface LoaderTexts {
  open: string;
  close: string;
  /** Of `n`; the badge itself shows the figure. */
  unread: (n: number) => string;
}

export const loaderTexts: Record<LoaderLocale, LoaderTexts> = {
  en: {
    open: "Chat with us",
    close: "Close chat",
    unread: (n) => `${n} unread ${n === 1 ? "message" : "messages"}`,
  },
  fr: {
    open: "Discuter avec nous",
    close: "Fermer la discussion",
    unread: (n) => `${n} ${n < 2 ? "message non lu" : "messages non lus"}`,
  },
  de: {
    open: "Schreiben Sie uns",
    close: "Chat schließen",
    unread: (n) => `${n} ungelesene ${n === 1 ? "Nachricht" : "Nachrichten"}`,
  },
};

// Whether a preview is light or dark.

import { t } from "../i18n.ts";
import { Segments } from "./segments.tsx";

interface Props {
  label: string;
  value: "light" | "dark";
  onChoose(value: "light" | "dark"): void;
}

export function ThemeChoice(props: Props) {
  return (
    <Segments
      {...props}
      options={[
        ["light", t("account.themeLight")],
        ["dark", t("account.themeDark")],
      ]}
    />
  );
}

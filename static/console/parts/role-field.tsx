// The choice of a role, with what each may do.

import type { Role } from "../../shared/types.ts";
import { t } from "../i18n.ts";

const ROLES: readonly Role[] = ["agent", "supervisor", "admin"];

interface Props {
  value: string;
  error?: string | undefined;
  onInput(role: Role): void;
}

export function RoleField({ value, error, onInput }: Props) {
  return (
    <fieldset
      class="field roles"
      aria-describedby={error ? "role-error" : undefined}
    >
      <legend>{t("field.role")}</legend>
      {ROLES.map((role) => (
        <label key={role} class="role">
          <input
            type="radio"
            name="role"
            value={role}
            checked={value === role}
            onChange={() => onInput(role)}
          />
          <span>
            {t(`role.${role}`)}
            <small>{t(`role.${role}Hint`)}</small>
          </span>
        </label>
      ))}
      {error && (
        <p class="field-error" id="role-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

export function asRole(text: string): Role {
  return ROLES.find((role) => role === text) ?? "agent";
}

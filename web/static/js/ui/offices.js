// The offices of an account by their names, and what each looks after.
import { t } from "../i18n.js";

const OFFICES = {
  public: () => t("Public"),
  worker: () => t("Grid worker"),
  community: () => t("Community"),
  station: () => t("Service station"),
  street: () => t("Street office"),
  department: () => t("Department"),
  planner: () => t("Planner"),
  district: () => t("District service centre"),
  system_admin: () => t("System administrator"),
  security_admin: () => t("Security administrator"),
  audit_admin: () => t("Audit administrator"),
};
const DUTIES = {
  system_admin: () => t("Accounts and sessions"),
  security_admin: () => t("Who may do what, where"),
  audit_admin: () => t("Reads what was done"),
};

export const ADMINISTRATORS = Object.keys(DUTIES);

export function officeName(office) {
  return OFFICES[office]?.() ?? office;
}

// The ground of an office; of an administrator, who has none, what he does. The desk of last resort has no name.
export function groundName(office, name) {
  return DUTIES[office]?.() ?? name ?? t("Duty desk");
}

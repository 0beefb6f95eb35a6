import { loadAuditSettings } from "../audit/load-settings.js";
import { MINUTE_US } from "../core/time.js";
import { staleAfterUs } from "../features/stale-after.js";
import { runtimeSections } from "../runtime/loop/settings-section.js";

/**
 * Refuses sections of `tickbook.yaml` that stages read for themselves, before any of them trips over one.
 *
 * @throws {OptionError} a name or value there is none
 */
export function requireSections(): void {
  loadAuditSettings();
  staleAfterUs("any");
  runtimeSections(MINUTE_US);
}

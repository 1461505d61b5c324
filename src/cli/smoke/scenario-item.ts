/** A step as it stands in a scenario file, and where. */
export interface ScenarioItem {
  /** `path:line` */
  readonly where: string;
  readonly value: unknown;
}

/** What was measured on one lead of the mean beat: mV, and mV a second; null where there is no such wave. */
export interface LeadMeasurements {
  lead: string;
  p_mv: number | null;
  q_mv: number | null;
  r_mv: number | null;
  s_mv: number | null;
  j_mv: number | null;
  st60_mv: number | null;
  st_slope_mv_s: number | null;
  t_mv: number | null;
}

/** The ST level of one lead, a value a minute; null where none could be measured. */
export interface StTrend {
  lead: string;
  level_mv: (number | null)[];
}

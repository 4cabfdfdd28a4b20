/** Words that a letter takes over, where they stand, and whether they were read there. */
export interface Sourced {
  readonly text: string;
  readonly source: string;
  /** False: general knowledge, to be checked on the live source. */
  readonly verified: boolean;
}

/** What a law gives to whoever is not content with an answer; its appeal stands with its clocks. */
export interface Remedies {
  readonly authority: Sourced;
  readonly court?: Sourced;
  /** A statement that is kept with data that was not corrected. */
  readonly statement?: Sourced;
}

/** Regime → what its letters name. */
export const REMEDIES: Readonly<Record<string, Remedies>> = {
  gdpr: {
    authority: {
      text: 'You can lodge a complaint with a data protection supervisory authority, above all where you live, where you work, or where you think that the law was broken. All of them are listed at https://www.edpb.europa.eu/about-edpb/about-edpb/members_en',
      source: 'GDPR Art. 12(4), 77',
      verified: true,
    },
    court: {
      text: 'You can also seek a judicial remedy: you may go to the courts of the country in which we are established, or in which you live.',
      source: 'GDPR Art. 12(4), 79',
      verified: true,
    },
    statement: {
      text: 'You can send us a statement that completes what we hold; we keep it with the data.',
      source: 'GDPR Art. 16',
      verified: true,
    },
  },
  'uk-gdpr': {
    authority: {
      text: 'You can complain to us first, and we acknowledge a complaint within 30 days. You can complain to the Information Commissioner (ICO), Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF, telephone 0303 123 1113, https://ico.org.uk/make-a-complaint/',
      source: 'UK GDPR Art. 12(4), 77; DPA 2018 s. 164A',
      verified: false,
    },
    court: {
      text: 'You can also seek a judicial remedy: you may ask a court to order us to comply.',
      source: 'UK GDPR Art. 12(4), 79; DPA 2018 s. 167',
      verified: false,
    },
    statement: {
      text: 'You can send us a statement that completes what we hold; we keep it with the data.',
      source: 'UK GDPR Art. 16',
      verified: false,
    },
  },
  ccpa: {
    authority: {
      text: 'You can complain to the California Privacy Protection Agency, https://cppa.ca.gov/webapplications/complaint, or to the Attorney General of California, https://oag.ca.gov/report',
      source: 'Cal. Civ. Code §1798.199.45, §1798.199.90',
      verified: false,
    },
    statement: {
      text: 'Where it is about your health you can send us a statement of up to 250 words; we keep it with the data.',
      source: '11 CCR §7023(f)(3)',
      verified: false,
    },
  },
  virginia: {
    authority: {
      text: 'Once an appeal is refused you can complain to the Attorney General of Virginia, https://www.oag.state.va.us/consumercomplaintform',
      source: 'Va. Code §59.1-577(C)',
      verified: true,
    },
  },
  colorado: {
    authority: {
      text: 'If you have concerns about the result of your appeal you can contact the Attorney General of Colorado, https://coag.gov/file-complaint/',
      source: 'C.R.S. §6-1-1306(3)',
      verified: false,
    },
  },
  connecticut: {
    authority: {
      text: 'Once an appeal is refused you can complain to the Attorney General of Connecticut, https://portal.ct.gov/ag',
      source: 'Conn. Gen. Stat. §42-518(d)',
      verified: true,
    },
  },
  lgpd: {
    authority: {
      text: 'You can petition the Autoridade Nacional de Proteção de Dados (ANPD), https://www.gov.br/anpd',
      source: 'LGPD Art. 18 §1',
      verified: false,
    },
  },
  pipeda: {
    authority: {
      text: 'You can complain to the Privacy Commissioner of Canada, 30 Victoria Street, Gatineau, Quebec K1A 1H3, telephone 1-800-282-1376, https://www.priv.gc.ca. We keep what you asked for as long as that takes.',
      source: 'PIPEDA s. 8(4), 8(7), 8(8), 11',
      verified: false,
    },
  },
  australia: {
    authority: {
      text: 'You can complain to us, and after 30 days to the Office of the Australian Information Commissioner (OAIC), GPO Box 5288, Sydney NSW 2001, telephone 1300 363 992, https://www.oaic.gov.au/privacy/privacy-complaints',
      source: 'APP 12.9, 13.3; Privacy Act 1988 s. 36',
      verified: false,
    },
    statement: {
      text: 'You can ask us to attach a statement that you think the data is inaccurate, out of date, incomplete, irrelevant or misleading; whoever uses the data will see it.',
      source: 'APP 13.4',
      verified: true,
    },
  },
  'new-zealand': {
    authority: {
      text: 'You can complain to the Privacy Commissioner, PO Box 10094, Wellington 6140, telephone 0800 803 909, https://www.privacy.org.nz',
      source: 'Privacy Act 2020 (NZ) s. 46, 70',
      verified: false,
    },
    statement: {
      text: 'You can give us a statement of the correction that you asked for; we attach it to the data.',
      source: 'Privacy Act 2020 (NZ) s. 63',
      verified: false,
    },
  },
  coppa: {
    authority: {
      text: 'You can complain to the Federal Trade Commission, https://reportfraud.ftc.gov',
      source: '16 CFR 312.9',
      verified: false,
    },
  },
};

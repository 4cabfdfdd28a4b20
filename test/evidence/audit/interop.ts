const base64 = (text: string) => Buffer.from(text, 'base64');
const hex = (text: string) => base64(text).toString('hex');
const root = 'WmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=';

/** A log of seven leaves as Debian's Go with golang.org/x/mod 0.7 makes and signs it. */
export const INTEROP = {
  signer: { name: 'erasure.example/ledger', seed: Uint8Array.from({ length: 32 }, (_, index) => index) },
  vkey: 'erasure.example/ledger+fea25122+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4',
  entries: Array.from({ length: 7 }, (_, index) => Buffer.from(`leaf ${index}`)),
  /** Of the first one, two, three … */
  roots: [
    'G7l9zCFjXUfiZj79/QoXRobZjdcBNS3SzQbotD/T0wU=',
    '/F9riP+FVPdbsvnm85wxsZNtRLaSdu33sSBalVuXYeM=',
    '1Pksj7uJcg6ztVZ3x9fvrd/rENEaGoSguo8aIzN/qpU=',
    'T2MQhKFXxU9U/Psj/164ZQxLoWDClbsTqYMrEJ1SZ34=',
    'NBUVmC1lDiNSDb1U1/zwr6G3DMOhakEdRk3JwayWwwE=',
    'g2PDghzkHrtGIiEWpCzIPbp1OYSyPPyiaqrQpoZzNuo=',
    root,
  ].map(hex),
  inclusion: [
    {
      index: 5,
      proof: [
        'gxFfiUeVX6/cKifn9MCFS72Nonuxs+NAXbVxya+Nvho=',
        '+3+GnOi3tR/fcZ/IwhpHNsmMwWCoJWBqgfeKf00iYdk=',
        'T2MQhKFXxU9U/Psj/164ZQxLoWDClbsTqYMrEJ1SZ34=',
      ].map(base64),
    },
    {
      index: 6,
      proof: [
        'dauSgmjIb0TaXUJBGI7XHkqrLU131tUBF9rZSoQu3gM=',
        'T2MQhKFXxU9U/Psj/164ZQxLoWDClbsTqYMrEJ1SZ34=',
      ].map(base64),
    },
  ],
  consistency: [
    {
      from: 3,
      proof: [
        'qze6NNHf4pAV3nF6bVdkqPsCnDp6D1tkuTtUNRiFv3w=',
        'WL0UluFoSqySAcLmh+565PUclqiw2B7zWDYouT0800U=',
        '/F9riP+FVPdbsvnm85wxsZNtRLaSdu33sSBalVuXYeM=',
        'AVcbVXvHBnJlDUZ8e62DN+CafzVKcgUfI7Q6eCwPSOY=',
      ].map(base64),
    },
    { from: 4, proof: ['AVcbVXvHBnJlDUZ8e62DN+CafzVKcgUfI7Q6eCwPSOY='].map(base64) },
  ],
  checkpoint: `erasure.example/ledger\n7\n${root}\n\n\u2014 erasure.example/ledger /qJRIkap0TzNfNjND2dYRTfjiycA7zUOBgDXekLMAn+33cs0/fE4x2RF0mSBLfAhlJhN05OMTAvKwdGf4GDf40S50Qg=\n`,
};

export default {
  tap: 'görmek için dokun',
  larger: 'büyütmek için dokun',
  listen: 'dinlemek için dokun',
  uploading: 'Gönderiliyor:',
  stop: 'Durdur',
  cancel: 'Vazgeç',
  no_microphone: 'Mikrofon burada çalışmıyor.',
  unfit: 'Bu burada olmuyor. Başka bir şey dene.',
  quota_full: 'Burada yer kalmadı. Artık gerekmeyeni geri al.',
  data_budget_low: 'Bu ayki veri hakkın bitmek üzere. Yazı hâlâ gider.',
};

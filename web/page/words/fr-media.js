export default {
  tap: 'touche pour voir',
  larger: 'touche pour agrandir',
  listen: 'touche pour écouter',
  uploading: 'Envoi :',
  stop: 'Stop',
  cancel: 'Non, laisse',
  no_microphone: 'Le micro ne marche pas ici.',
  unfit: 'Ça ne marche pas ici. Essaie autre chose.',
  quota_full: 'Il n’y a plus de place ici. Retire ce qui ne sert plus.',
  data_budget_low: 'Tes données du mois sont presque finies. Le texte part encore.',
};

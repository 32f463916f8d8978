export default {
  tap: 'touche pour voir',
  larger: 'touche pour agrandir',
  listen: 'touche pour écouter',
  uploading: 'Envoi :',
  stop: 'Stop',
  cancel: 'Finalement non',
  no_microphone: 'Le micro ne marche pas ici.',
  unfit: 'Ça ne marche pas ici. Essaie autre chose.',
  quota_full: 'Il n’y a plus de place ici. Retire ce qui ne sert plus.',
  data_budget_low: 'Tes données de ce mois sont presque épuisées. Le texte passe encore.',
};

// Enregistrement d’un brouillon pendant qu’on écrit. Rien n’est gardé dans le navigateur : le texte vit dans la page
// et sur le serveur.
//
//   <form method="post" data-brouillon="URL" data-reconnexion="URL" data-identifiant="matricule" data-personne="uuid">
//     <input type="hidden" name="temoin-CHAMP">   <p data-brouillon-etat role="status">
//
// Demande : POST du formulaire entier. Le témoin d’un champ dit ce que la personne avait sous les yeux ; les champs
// precedent-CHAMP redisent les textes partis d’ici sans réponse, pour qu’un envoi retenu en route, arrivé quand même,
// ne passe pas pour le texte d’une autre personne. Un envoi dépassé arrive avec un témoin dépassé : il ne s’écrit pas.
// Réponses : 200 {enregistre_le, temoins, nouveautes} ; 409 {conflit: [{champ, libelle, le_mien, actuel, temoin, par, dits}]} ;
// 400 ou 422 {message} ; 401 ou renvoi à la connexion : on se reconnecte sur place, par POST identifiant, mot_de_passe
// et personne à data-reconnexion, qui répond 200 {jeton_csrf} ou {message}.
(() => {
  "use strict";
  const DELAI = 800;
  const PATIENCE = 20000;
  const REPRISE_MAX = 30000;
  const PRECEDENTS_MAX = 4;
  const POIDS_MAX = 60000; // au-delà, le navigateur refuse un envoi qui survit à la page

  const ENTETES = { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" };

  const noeud = (nom, proprietes = {}, ...enfants) => {
    const element = Object.assign(document.createElement(nom), proprietes);
    element.append(...enfants);
    return element;
  };

  const heure = (instant) => {
    const date = new Date(instant);
    if (Number.isNaN(date.getTime())) return instant;
    const morceaux = new Intl.DateTimeFormat("fr-CA", { hour: "numeric", minute: "2-digit", hourCycle: "h23", timeZone: "America/Toronto" }).formatToParts(date);
    const lire = (type) => morceaux.find((morceau) => morceau.type === type).value;
    return `${Number(lire("hour"))}\u00a0h\u00a0${lire("minute")}`;
  };

  const poser_jeton = (jeton) => {
    for (const champ of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) champ.value = jeton;
  };

  // Le témoin CSRF n’est pas lisible d’ici : on relit la page, qui en porte un neuf. Rend faux si elle renvoie ailleurs.
  const rafraichir_jeton = async () => {
    const reponse = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
    const jeton = page.querySelector('input[name="csrfmiddlewaretoken"]')?.value;
    if (jeton) poser_jeton(jeton);
    return reponse.ok && new URL(reponse.url).pathname === location.pathname;
  };

  const json = async (reponse) => {
    const type = reponse.headers.get("Content-Type") ?? "";
    return type.includes("json") ? reponse.json().catch(() => ({})) : {};
  };

  const suivre = (formulaire) => {
    const etat = formulaire.querySelector("[data-brouillon-etat]") ?? formulaire.insertBefore(noeud("p", { className: "brouillon-etat" }), formulaire.firstChild);
    etat.setAttribute("role", "status");
    let rang = 0; // ce qui est à l’écran
    let rang_enregistre = 0; // ce que le serveur a confirmé
    let envoi = null; // { rang, controleur }
    let minuterie = 0;
    let reprises = 0;
    let arret = ""; // "", "reseau", "session", "conflit", "refus"
    let soumission = null; // { bouton } : le vrai envoi attend la fin d’un enregistrement
    const sans_reponse = new Map(); // champ → derniers textes partis, pas encore confirmés
    let parti = false;
    let jeton_rafraichi = false;

    const propre = () => rang === rang_enregistre;

    // Par le nom : namedItem trouverait aussi le groupe dont l’identifiant est le même, et le texte n’y entrerait pas.
    const champ_nomme = (nom) => {
      const trouves = [...formulaire.elements].filter((element) => element.name === nom);
      return trouves.length > 1 ? formulaire.elements.namedItem(nom) : trouves[0];
    };

    const dire = (texte, non = false, geste = null) => {
      etat.classList.toggle("brouillon-etat--non", non);
      if (etat.firstChild?.textContent === texte && !geste) return;
      etat.replaceChildren(noeud("span", { textContent: texte }));
      if (!geste) return;
      const bouton = noeud("button", { type: "button", className: "btn btn-sm btn-outline-primary", textContent: geste.libelle });
      bouton.addEventListener("click", geste.faire);
      etat.append(bouton);
    };

    const contenu = () => {
      const donnees = new FormData(formulaire);
      for (const champ of formulaire.elements) {
        if (champ.type === "password" || champ.type === "file" || champ.matches("[data-brouillon-hors]")) donnees.delete(champ.name);
      }
      for (const champ of [...donnees.keys()]) {
        if (donnees.has(`temoin-${champ}`)) redire(donnees, champ, donnees.get(champ));
      }
      return new URLSearchParams(donnees);
    };

    const redire = (donnees, champ, texte) => {
      const textes = (sans_reponse.get(champ) ?? []).filter((ancien) => ancien !== texte);
      for (const ancien of textes) donnees.append(`precedent-${champ}`, ancien);
      sans_reponse.set(champ, [...textes, texte].slice(-PRECEDENTS_MAX));
    };

    const poster = (controleur) => {
      const corps = contenu();
      return fetch(formulaire.dataset.brouillon, {
        method: "POST",
        body: corps,
        headers: ENTETES,
        credentials: "same-origin",
        redirect: "manual",
        keepalive: corps.toString().length < POIDS_MAX,
        signal: controleur.signal,
      });
    };

    const planifier = (attente = DELAI) => {
      clearTimeout(minuterie);
      if (!parti) minuterie = setTimeout(enregistrer, attente);
    };

    // Une demande à la fois ; quand elle finit, on envoie ce qui est à l’écran à ce moment, jamais une copie ancienne.
    const enregistrer = async () => {
      clearTimeout(minuterie);
      if (envoi || parti || propre() || arret === "session" || arret === "conflit") return;
      const controleur = new AbortController();
      const patience = setTimeout(() => controleur.abort(), PATIENCE);
      const lent = setTimeout(() => dire("Enregistrement…"), 1000);
      envoi = { rang, controleur };
      const parti_a = rang;
      const reponse = await poster(controleur).catch(() => null);
      const suite = reponse ? await accueillir(reponse, parti_a) : panne();
      clearTimeout(patience);
      clearTimeout(lent);
      envoi = null;
      if (suite !== null) planifier(suite);
      else if (!propre() && !arret) planifier(0);
      conclure();
    };

    // Rend l’attente avant un nouvel essai, en millisecondes, ou null.
    const accueillir = async (reponse, parti_a) => {
      if (reponse.type === "opaqueredirect" || reponse.status === 401) return reconnecter();
      if (reponse.status === 403) return jeton_refuse();
      const donnees = await json(reponse);
      if (reponse.ok && donnees.enregistre_le) return reussir(donnees, parti_a);
      if (reponse.status === 409 && donnees.conflit) return ouvrir_conflit(donnees);
      if (reponse.status >= 500) return panne();
      arret = "refus";
      dire(`Non enregistré : ${donnees.message ?? "cette page ne peut plus être modifiée."}`, true);
      return null;
    };

    const reussir = (donnees, parti_a) => {
      rang_enregistre = Math.max(rang_enregistre, parti_a);
      reprises = 0;
      arret = "";
      jeton_rafraichi = false;
      sans_reponse.clear();
      poser_temoins(donnees.temoins);
      accueillir_nouveautes(donnees.nouveautes);
      dire(`Enregistré à ${heure(donnees.enregistre_le)}`);
      return null;
    };

    // Le témoin d’un champ dit au serveur ce que la personne avait sous les yeux : il suit ce qui vient d’être enregistré.
    const poser_temoins = (temoins = {}) => {
      for (const [champ, valeur] of Object.entries(temoins)) {
        const temoin = formulaire.elements.namedItem(`temoin-${champ}`);
        if (temoin) temoin.value = valeur;
      }
    };

    // Ce que l’autre personne a écrit pendant ce temps paraît dans les champs que celle-ci n’a pas touchés.
    const accueillir_nouveautes = (nouveautes = {}) => {
      for (const [champ, { envoye, valeur, temoin }] of Object.entries(nouveautes)) {
        const element = champ_nomme(champ);
        if (!element || element === document.activeElement || element.value !== envoye) continue;
        element.value = valeur;
        poser_temoins({ [champ]: temoin });
      }
    };

    const panne = () => {
      arret = "reseau";
      const attente = Math.min(REPRISE_MAX, 2000 * 2 ** reprises);
      reprises += 1;
      dire("Non enregistré : le serveur ne répond pas. Votre texte reste ici, un nouvel essai suivra.", true);
      return attente;
    };

    const jeton_refuse = async () => {
      if (!jeton_rafraichi) {
        jeton_rafraichi = true;
        return (await rafraichir_jeton().catch(() => false)) ? 0 : reconnecter();
      }
      jeton_rafraichi = false;
      arret = "refus";
      dire("Non enregistré : ce dossier ne vous est plus ouvert en modification. Copiez votre texte avant de quitter.", true);
      return null;
    };

    const repartir = () => {
      arret = "";
      reprises = 0;
      jeton_rafraichi = false;
      enregistrer();
    };

    /* — se reconnecter sur place — */
    const reconnecter = () => {
      arret = "session";
      const rouvrir = { libelle: "Me reconnecter", faire: ouvrir_connexion };
      dire("Non enregistré : votre session est terminée. Votre texte reste ici.", true, rouvrir);
      ouvrir_connexion();
      return null;
    };

    const ouvrir_connexion = () => {
      if (document.querySelector("dialog[data-connexion]")) return;
      const identifiant = noeud("input", { className: "form-control", id: "connexion-identifiant", name: "identifiant", autocomplete: "username", required: true, value: formulaire.dataset.identifiant ?? "", readOnly: Boolean(formulaire.dataset.identifiant) });
      const mot = noeud("input", { className: "form-control", id: "connexion-mot", name: "mot_de_passe", type: "password", autocomplete: "current-password", required: true });
      const faute = noeud("p", { className: "invalid-feedback" });
      faute.setAttribute("role", "alert");
      const tard = noeud("button", { type: "button", className: "btn btn-outline-primary", textContent: "Plus tard" });
      const ailleurs = noeud("a", { href: location.href, target: "_blank", rel: "noopener", textContent: "Me connecter dans un autre onglet" });
      const essayer = noeud("button", { type: "button", className: "btn btn-link", textContent: "C’est fait, réessayer" });
      const saisie = noeud(
        "form", { method: "dialog" },
        noeud("div", { className: "champ" }, noeud("label", { className: "form-label", htmlFor: identifiant.id, textContent: "Matricule ou courriel" }), identifiant),
        noeud("div", { className: "champ" }, noeud("label", { className: "form-label", htmlFor: mot.id, textContent: "Mot de passe" }), faute, mot),
        noeud("div", { className: "boutons" }, noeud("button", { type: "submit", className: "btn btn-primary", textContent: "Me reconnecter" }), tard),
        noeud("p", { className: "petit mt-3 mb-0" }, ailleurs, " ", essayer),
      );
      const dialogue = noeud(
        "dialog", {},
        noeud("h2", { id: "connexion-titre", textContent: "Votre session est terminée" }),
        noeud("p", { textContent: "Votre texte est toujours à l’écran. Reconnectez-vous ici : il sera enregistré aussitôt." }),
        saisie,
      );
      dialogue.dataset.connexion = "";
      dialogue.setAttribute("aria-labelledby", "connexion-titre");
      const fermer = (reprendre) => {
        dialogue.close();
        if (reprendre) repartir();
      };
      saisie.addEventListener("submit", async (evenement) => {
        evenement.preventDefault();
        const message = await ouvrir_session(identifiant.value, mot.value);
        if (message === "") return fermer(true);
        faute.textContent = message;
        mot.value = "";
        mot.focus();
      });
      tard.addEventListener("click", () => fermer(false));
      essayer.addEventListener("click", async () => {
        if (await rafraichir_jeton().catch(() => false)) fermer(true);
        else faute.textContent = "La session n’est pas encore ouverte.";
      });
      dialogue.addEventListener("close", () => dialogue.remove());
      document.body.append(dialogue);
      dialogue.showModal();
      (identifiant.readOnly ? mot : identifiant).focus();
    };

    const ouvrir_session = async (identifiant, mot_de_passe, second = false) => {
      const corps = new URLSearchParams({ identifiant, mot_de_passe, personne: formulaire.dataset.personne ?? "", csrfmiddlewaretoken: formulaire.elements.namedItem("csrfmiddlewaretoken")?.value ?? "" });
      const reponse = await fetch(formulaire.dataset.reconnexion, { method: "POST", body: corps, headers: ENTETES, credentials: "same-origin", redirect: "manual" }).catch(() => null);
      if (!reponse || reponse.status >= 500) return "Le serveur ne répond pas. Votre texte reste à l’écran.";
      const donnees = await json(reponse);
      if (reponse.ok && donnees.jeton_csrf) {
        poser_jeton(donnees.jeton_csrf);
        return "";
      }
      if (reponse.status === 403 && !donnees.message && !second) {
        await rafraichir_jeton().catch(() => false);
        return ouvrir_session(identifiant, mot_de_passe, true);
      }
      return donnees.message ?? "Ce matricule et ce mot de passe ne vont pas ensemble.";
    };

    /* — deux personnes ont écrit en même temps — */
    const ouvrir_conflit = (donnees) => {
      arret = "conflit";
      soumission = null;
      const montrer = () => dialogue_conflit(donnees);
      dire("Non enregistré : quelqu’un d’autre a modifié ce texte pendant que vous écriviez.", true, { libelle: "Comparer", faire: montrer });
      montrer();
      return null;
    };

    const dialogue_conflit = ({ conflit }) => {
      const choix = conflit.map((ecart, rang_ecart) => bloc_conflit(ecart, rang_ecart));
      const tard = noeud("button", { type: "button", className: "btn btn-outline-primary", textContent: "Plus tard" });
      const saisie = noeud("form", { method: "dialog" }, ...choix, noeud("div", { className: "boutons" }, noeud("button", { type: "submit", className: "btn btn-primary", textContent: "Enregistrer ce choix" }), tard));
      const dialogue = noeud(
        "dialog", {},
        noeud("h2", { id: "conflit-titre", textContent: "Deux versions de ce texte" }),
        noeud("p", { textContent: "Rien n’est perdu : choisissez, pour chaque champ, le texte à garder." }),
        saisie,
      );
      dialogue.setAttribute("aria-labelledby", "conflit-titre");
      saisie.addEventListener("submit", () => {
        conflit.forEach((ecart, rang_ecart) => {
          if (saisie.elements.namedItem(`choix-${rang_ecart}`).value === "actuel") ecrire(ecart.champ, ecart.actuel);
          if (ecart.temoin) poser_temoins({ [ecart.champ]: ecart.temoin });
        });
        rang += 1;
        repartir();
      });
      tard.addEventListener("click", () => dialogue.close());
      dialogue.addEventListener("close", () => dialogue.remove());
      document.body.append(dialogue);
      dialogue.showModal();
    };

    const bloc_conflit = (ecart, rang_ecart) => {
      const cote = (valeur, titre, texte) => {
        const bouton = noeud("input", { type: "radio", className: "form-check-input", name: `choix-${rang_ecart}`, value: valeur, id: `choix-${rang_ecart}-${valeur}`, checked: valeur === "mien" });
        const boite = noeud("div", { className: "conflit-texte", textContent: texte || "(vide)", tabIndex: 0 });
        boite.setAttribute("role", "group");
        boite.setAttribute("aria-label", valeur === "mien" ? "Mon texte" : "Le texte actuel");
        return noeud("div", {}, noeud("div", { className: "form-check" }, bouton, noeud("label", { className: "form-check-label", htmlFor: bouton.id, textContent: titre })), boite);
      };
      return noeud(
        "fieldset", { className: "conflit" },
        noeud("legend", { className: "form-label", textContent: ecart.libelle }),
        noeud("div", { className: "conflit-textes" }, cote("mien", "Garder mon texte", ecart.dits?.[0] ?? ecart.le_mien), cote("actuel", `Prendre le texte ${ecart.par ? `de ${ecart.par}` : "actuel"}`, ecart.dits?.[1] ?? ecart.actuel)),
      );
    };

    const ecrire = (nom, valeur) => {
      const champ = champ_nomme(nom);
      if (!champ) return;
      if (champ.type === "checkbox") champ.checked = Boolean(valeur);
      else champ.value = valeur ?? "";
      champ.dispatchEvent?.(new Event("input", { bubbles: true }));
    };

    /* — le vrai envoi part d’un texte déjà enregistré : une session terminée ne l’emporte pas — */
    formulaire.addEventListener("submit", (evenement) => {
      if (propre() && !envoi) {
        parti = true;
        return;
      }
      if (arret === "refus") return;
      evenement.preventDefault();
      soumission = { bouton: evenement.submitter };
      if (arret === "session") ouvrir_connexion();
      else if (arret !== "conflit") {
        arret = "";
        enregistrer();
      }
    });

    const conclure = () => {
      if (!soumission || envoi || arret === "session" || arret === "conflit") return;
      if (arret === "reseau") {
        soumission = null;
        dire("Non envoyé : le serveur ne répond pas. Votre texte reste ici; réessayez dans un instant.", true);
        return;
      }
      if (!propre() && arret !== "refus") return;
      const { bouton } = soumission;
      soumission = null;
      formulaire.requestSubmit(bouton?.isConnected ? bouton : undefined);
    };

    const noter = (evenement) => {
      if (evenement.target.matches?.("[data-brouillon-hors], [type=password]")) return;
      rang += 1;
      parti = false;
      if (arret === "refus") arret = "";
      planifier();
    };
    formulaire.addEventListener("input", noter);

    addEventListener("online", () => arret === "reseau" && repartir());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && enregistrer());
    addEventListener("beforeunload", (evenement) => {
      if (!parti && !propre() && arret) evenement.preventDefault();
    });
    addEventListener("pagehide", () => {
      if (parti || propre() || (envoi && envoi.rang === rang)) return;
      // L’envoi retenu porte un texte dépassé : on l’abandonne, et le plus récent part avec la page.
      envoi?.controleur.abort();
      poster(new AbortController()).catch(() => {});
    });
    addEventListener("pageshow", () => {
      parti = false;
    });
  };

  for (const formulaire of document.querySelectorAll("form[data-brouillon]")) suivre(formulaire);
})();
